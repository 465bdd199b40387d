import { MooringError } from "#core/errors/index.ts";
import type { Pipeline, Promotion, Stage } from "#core/promotion/index.ts";

interface Asked {
  readonly pipeline: Pipeline;
  readonly stage: Stage;
  /** A commit, its beginning, or empty for the candidate. */
  readonly revision: string;
}

/** The commit that is to be promoted. Throws API_INVALID_ARGUMENT and API_FAILED_PRECONDITION. */
export function chooseRevision({ pipeline, stage, revision }: Asked): string {
  const subject = `Pipeline/${pipeline.namespace}/${pipeline.name}: stage ${stage.name}`;
  if (stage.after.length === 0) {
    throw new MooringError(
      "API_FAILED_PRECONDITION",
      `${subject} is the first, which is whatever is on ${stage.branch}; commit there, or promote to a later stage`,
    );
  }
  const all = pipeline.status.stages ?? [];
  const own = all.find(({ name }) => name === stage.name);
  if (revision === "") {
    if (own?.candidate !== undefined) return own.candidate.revision;
    throw new MooringError(
      "API_FAILED_PRECONDITION",
      `${subject} has no candidate: what comes before it brings nothing new; commit upstream, or name a revision`,
    );
  }
  const wanted = revision.toLowerCase();
  if (!/^[0-9a-f]{7,64}$/u.test(wanted)) {
    throw new MooringError(
      "API_INVALID_ARGUMENT",
      `revision: ${JSON.stringify(revision.slice(0, 80))} is no commit; give its id, or the first seven digits of one that the pipeline knows`,
    );
  }
  const chosen = wanted.length === 40 || wanted.length === 64 ? wanted : complete(wanted, all);
  if (chosen === own?.revision) {
    throw new MooringError(
      "API_FAILED_PRECONDITION",
      `${subject} holds ${chosen.slice(0, 7)} already; name another revision`,
    );
  }
  return chosen;
}

function complete(start: string, stages: NonNullable<Pipeline["status"]["stages"]>): string {
  const known = new Set(
    stages
      .flatMap(({ revision, tip, candidate }) => [revision, tip, candidate?.revision])
      .filter((one) => one?.startsWith(start) === true)
      .map((one) => one ?? ""),
  );
  const [only, ...more] = known;
  if (only !== undefined && more.length === 0) return only;
  throw new MooringError(
    "API_INVALID_ARGUMENT",
    `revision: ${start} ${only === undefined ? "begins no commit that the pipeline knows" : "begins several commits"}; give all forty digits`,
  );
}

/** What a rollback goes back to. */
export interface RollbackTarget {
  readonly revision: string;
  /** Undefined for what was there before the first. */
  readonly promotion: string | undefined;
}

interface RollbackAsked {
  readonly pipeline: Pipeline;
  readonly stage: string;
  /** Name of a Promotion; empty for the one before that which is there. */
  readonly to: string;
  readonly promotions: readonly Promotion[];
}

/** Throws APP_NOT_FOUND and API_FAILED_PRECONDITION. */
export function chooseRollbackTarget({ pipeline, stage, to, promotions }: RollbackAsked): RollbackTarget {
  const subject = `Pipeline/${pipeline.namespace}/${pipeline.name}: stage ${stage}`;
  const own = (pipeline.status.stages ?? []).find(({ name }) => name === stage);
  const current = promotions.find(({ name }) => name === own?.promotion);
  const see = `see: mooring promotion list ${pipeline.name} --stage ${stage}`;
  if (to !== "") {
    const named = promotions.find(({ name }) => name === to);
    if (named === undefined) {
      throw new MooringError(
        "APP_NOT_FOUND",
        `${subject} has no promotion ${JSON.stringify(to.slice(0, 80))}; ${see}`,
      );
    }
    if (named.name === current?.name)
      throw new MooringError("API_FAILED_PRECONDITION", `${subject} holds ${to} already; ${see}`);
    if (!wasThere(named)) {
      throw new MooringError(
        "API_FAILED_PRECONDITION",
        `${subject} never held ${to}, which is ${named.status.phase ?? "Pending"}; ${see}`,
      );
    }
    return { revision: named.spec.revision, promotion: named.name };
  }
  if (current === undefined) {
    throw new MooringError(
      "API_FAILED_PRECONDITION",
      `${subject} holds nothing that a promotion brought; name one with --to, ${see}`,
    );
  }
  const before = promotions
    .filter((one) => one.status.phase === "Succeeded" && endedAt(one) < startOf(current))
    .filter(({ spec }) => spec.revision !== current.spec.revision)
    .toSorted((a, b) => (endedAt(a) < endedAt(b) ? 1 : -1))
    .at(0);
  if (before !== undefined) return { revision: before.spec.revision, promotion: before.name };
  const { base } = current.status;
  if (base !== undefined && base !== "") return { revision: base, promotion: undefined };
  throw new MooringError(
    "API_FAILED_PRECONDITION",
    `${subject} had nothing before ${current.name}; name a promotion with --to, ${see}`,
  );
}

/** Whether its content was in the stage. */
function wasThere({ status }: Promotion): boolean {
  return status.phase === "Succeeded" || status.phase === "RolledBack";
}

function endedAt({ status, createdAt }: Promotion): string {
  return status.finishedAt ?? createdAt;
}

function startOf({ status, createdAt }: Promotion): string {
  return status.finishedAt ?? status.writtenAt ?? createdAt;
}
