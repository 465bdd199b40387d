import { ApplyError } from "./apply-error.ts";
import type { ApplyStart } from "./apply-once.ts";
import { applyOnce } from "./apply-once.ts";
import { KeylessItem } from "./keyed-items.ts";
import type { ApplyConflict, ConflictCause } from "./conflicts.ts";
import { applyConflictOf, conflictCauses, conflictMessage } from "./conflicts.ts";
import { emptyObject } from "./empty-object.ts";
import { fieldsLastApplied } from "./last-applied.ts";
import { keepTimes, managersOf, withManagers } from "./managers.ts";
import { recordChanges } from "./record-update.ts";
import { deduced } from "./schema.ts";
import type { FieldConflict } from "./take-over.ts";
import { formatProblems, validateConfiguration } from "./validate-configuration.ts";
import type { Write, WriteContext } from "./write-context.ts";
import { writeOf } from "./write-context.ts";
import type { KubeObject } from "#core/object/index.ts";
import { gvkOf } from "#core/object/index.ts";

export interface ApplyConfigurationInput extends WriteContext {
  /** Undefined when there is none: the apply creates it. */
  readonly live: KubeObject | undefined;
  readonly applied: KubeObject;
  /** Take fields away from other managers rather than answer with conflicts. */
  readonly force: boolean;
}

export type AppliedConfiguration =
  | { readonly object: KubeObject }
  | {
      readonly conflicts: readonly ApplyConflict[];
      /** What the API server's Status says of them, with the reason Conflict. */
      readonly message: string;
      readonly causes: readonly ConflictCause[];
    };

/**
 * What a server-side apply makes of the live object: the configuration laid over it, without what the manager released,
 * with new managedFields. Values are as they were sent: defaults, nulls, the spelling of quantities and fields that a write
 * may not set (`restoreReset`) are the caller's, and so is `keepTimes` after that. Throws ApplyError.
 */
export function applyConfiguration(input: ApplyConfigurationInput): AppliedConfiguration {
  const { live, applied, force } = input;
  validate(input);
  const write = writeOf(input, applied);
  try {
    const start = startOf(write, live);
    const { object, conflicts } = applyOnce(write, applied, start);
    const refused = force
      ? []
      : refusing(write, live, conflicts()).map((conflict) => applyConflictOf(conflict));
    if (refused.length === 0) return { object: keepTimes(live, object) };
    return { conflicts: refused, message: conflictMessage(refused), causes: conflictCauses(refused) };
  } catch (error) {
    if (!(error instanceof KeylessItem)) throw error;
    const message = `failed to create typed live object (${describe(live ?? applied)}): ${error.message}`;
    throw new ApplyError(message, 500, { cause: error });
  }
}

function validate({ applied, apiVersion, schema }: ApplyConfigurationInput): void {
  if (applied.apiVersion !== apiVersion) {
    const versions = `Specified patch version: ${applied.apiVersion}, expected: ${apiVersion}`;
    throw new ApplyError(`Incorrect version specified in apply patch. ${versions}`, 400);
  }
  if ((applied.metadata.managedFields ?? null) !== null) {
    throw new ApplyError("metadata.managedFields must be nil", 400);
  }
  const problems = validateConfiguration(schema ?? deduced, applied);
  if (problems.length === 0) return;
  const message = `failed to create typed patch object (${describe(applied)}): ${formatProblems(problems)}`;
  throw new ApplyError(message, 500);
}

function describe(object: KubeObject): string {
  const { group, version, kind } = gvkOf(object);
  const { namespace = "", name = "" } = object.metadata;
  return `${namespace}/${name}; ${group}/${version}, Kind=${kind}`;
}

/** The live object and its managers. What is in an object that has none was there before the first apply. */
function startOf(write: Write, live: KubeObject | undefined): ApplyStart {
  const schema = write.schema ?? deduced;
  if (live === undefined) return { schema, live, managers: new Map() };
  const managers = managersOf(live);
  if (managers === undefined) {
    throw new ApplyError("failed to decode managed fields: an entry cannot be read", 500);
  }
  const bare = withManagers(live, new Map());
  if (managers.size > 0) return { schema, live: bare, managers };
  const before = { ...write, manager: "before-first-apply" };
  return { schema, live: bare, managers: recordChanges(before, [emptyObject(schema, bare), bare], managers) };
}

/** What kubectl applied from the client it may take over when it applies on the server. */
function refusing(
  write: Write,
  live: KubeObject | undefined,
  conflicts: readonly FieldConflict[],
): readonly FieldConflict[] {
  if (write.manager !== "kubectl" || conflicts.length === 0 || live === undefined) return conflicts;
  const allowed = fieldsLastApplied(live, write);
  return conflicts.filter(({ path }) => !allowed.has(path));
}
