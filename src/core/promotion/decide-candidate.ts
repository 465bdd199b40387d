import type { StageStatus } from "./types.ts";

export interface CandidateQuestion {
  /** What the stage holds; undefined while nobody knows. */
  readonly revision: string | undefined;
  /** The stages that it takes from. */
  readonly before: readonly (Pick<StageStatus, "passed" | "hold"> | undefined)[];
  readonly holds: readonly string[];
  readonly takesEach: boolean;
  /** What failed or was refused here: who takes each goes on with the next. */
  readonly spent: readonly string[];
}

/**
 * The revision that a stage could get: verified in all stages before, held back in none of them nor here, and never older than what the stage
 * has. The newest, or the next one for a stage that takes each.
 */
export function decideCandidate(question: CandidateQuestion): string | undefined {
  const { revision, before, holds, takesEach } = question;
  const [first, ...others] = before.map((stage) => (stage?.passed ?? []).map((each) => each.revision));
  if (first === undefined) return undefined;
  const held = new Set([...holds, ...before.flatMap((stage) => stage?.hold?.revisions ?? [])]);
  const own = revision === undefined ? -1 : first.indexOf(revision);
  const newer = own < 0 ? first : first.slice(0, own);
  const spent = new Set(question.takesEach ? question.spent : []);
  const free = newer.filter(
    (each) =>
      each !== revision && !held.has(each) && !spent.has(each) && others.every((list) => list.includes(each)),
  );
  // What came before the stage's own revision is not known: to begin with the oldest would lead it back.
  return takesEach && own >= 0 ? free.at(-1) : free[0];
}

const passedLimit = 20;

/** With a revision that was verified; its place is that of the first time, since a stage that goes back has nothing new. */
export function withPassed(
  passed: NonNullable<StageStatus["passed"]>,
  verified: { readonly revision: string; readonly at: string },
): NonNullable<StageStatus["passed"]> {
  if (passed.some(({ revision }) => revision === verified.revision)) return passed;
  return [verified, ...passed].slice(0, passedLimit);
}
