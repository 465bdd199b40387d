import { MooringError } from "#core/errors/index.ts";
import type { Pipeline, Promotion, Stage } from "#core/promotion/index.ts";
import { rollbackTarget, startOfStage } from "#core/promotion/index.ts";

interface Asked {
  readonly pipeline: Pipeline;
  readonly stage: Stage;
  /** A commit, its beginning, or empty for the candidate. */
  readonly revision: string;
}

/** What is to be promoted. What is on the branch by plain git, and in a first stage, is promoted as that. */
export interface ChosenRevision {
  readonly revision: string;
  readonly cause: "Person" | "Git";
}

/**
 * What is to be promoted; what the stage has already is let through anew, with a plan of its own and the same gates. Throws API_INVALID_ARGUMENT
 * and API_FAILED_PRECONDITION.
 */
export function chooseRevision({ pipeline, stage, revision }: Asked): ChosenRevision {
  const subject = `Pipeline/${pipeline.namespace}/${pipeline.name}: stage ${stage.name}`;
  const all = pipeline.status.stages ?? [];
  const own = all.find(({ name }) => name === stage.name);
  const isFirst = stage.after.length === 0;
  if (revision === "" && !isFirst) {
    if (own?.candidate !== undefined) return { revision: own.candidate.revision, cause: "Person" };
    throw new MooringError(
      "API_FAILED_PRECONDITION",
      `${subject} has no candidate: what comes before it brings nothing new; commit upstream, or name a revision, that of the stage to let it through anew`,
    );
  }
  const chosen = revision === "" ? own?.tip : parseRevision(revision, all);
  if (!isFirst && chosen !== undefined)
    return { revision: chosen, cause: chosen === own?.tip && chosen !== own.revision ? "Git" : "Person" };
  const isThere = own?.tip !== undefined && (chosen === own.tip || chosen === own.revision);
  if (isThere && stage.gates.length > 0) return { revision: own.tip, cause: "Git" };
  throw new MooringError(
    "API_FAILED_PRECONDITION",
    `${subject} is the first, which is whatever is on ${stage.branch}; commit there, or promote to a later stage`,
  );
}

function parseRevision(revision: string, stages: NonNullable<Pipeline["status"]["stages"]>): string {
  const wanted = revision.toLowerCase();
  if (!/^[0-9a-f]{7,64}$/u.test(wanted)) {
    throw new MooringError(
      "API_INVALID_ARGUMENT",
      `revision: ${JSON.stringify(revision.slice(0, 80))} is no commit; give its id, or the first seven digits of one that the pipeline knows`,
    );
  }
  return wanted.length === 40 || wanted.length === 64 ? wanted : complete(wanted, stages);
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
  /** Empty for what was there before the first. */
  readonly promotion: string;
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
  const before = rollbackTarget(undefined, promotions, current.name);
  if (before?.kind === "promotion")
    return { revision: before.promotion.spec.revision, promotion: before.promotion.name };
  if (before !== undefined) return { revision: before.commit, promotion: startOfStage };
  throw new MooringError(
    "API_FAILED_PRECONDITION",
    `${subject} had nothing before ${current.name}; name a promotion with --to, ${see}`,
  );
}

/** Whether its content was in the stage. */
function wasThere({ status }: Promotion): boolean {
  return status.phase === "Succeeded" || status.phase === "RolledBack";
}
