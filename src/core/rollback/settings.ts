import { isMooringError } from "#core/errors/index.ts";
import { formatDuration, parseDuration } from "#core/sync/duration.ts";
import { annotationKey } from "#core/tracking/annotations.ts";

/** What an Application asks for by its annotations. */
export interface RollbackSettings {
  /** Syncs that people start are rolled back, too. */
  readonly ofManual: boolean;
  /** How long after a sync the application may take to become Healthy. */
  readonly deadlineMs: number;
  /** How long it must be Healthy after a sync for the revision to count as good, and Degraded to count as bad. */
  readonly graceMs: number;
}

type Annotations = Readonly<Record<string, string>> | undefined;

const defaultDeadlineMs = 10 * 60_000;
const longestGraceMs = 30_000;
const choices: Readonly<Record<string, boolean>> = { true: false, all: true };

/** Undefined where it is not asked for, or not in words that `rollbackProblems` has nothing against. */
export function viewRollbackSettings(annotations: Annotations): RollbackSettings | undefined {
  const ofManual = choices[annotations?.[annotationKey.rollbackOnFailure] ?? ""];
  if (ofManual === undefined || rollbackProblems(annotations).length > 0) return undefined;
  const deadline = annotations?.[annotationKey.rollbackDeadline];
  const deadlineMs = deadline === undefined ? defaultDeadlineMs : parseDuration(deadline);
  return { ofManual, deadlineMs, graceMs: Math.min(deadlineMs, longestGraceMs) };
}

/** What is wrong with the annotations that ask for it. */
export function rollbackProblems(
  annotations: Annotations,
): readonly { readonly path: string; readonly message: string }[] {
  return [
    ...problemsOf(annotationKey.rollbackOnFailure, annotations, (value) =>
      ["true", "all", "false"].includes(value)
        ? undefined
        : `is ${quote(value)}; write "true" (what was synced automatically), "all" (what people synced, too) or "false"`,
    ),
    ...problemsOf(annotationKey.rollbackDeadline, annotations, (value) => {
      try {
        if (parseDuration(value) >= 1_000) return undefined;
        return `is ${quote(value)}; make it ${formatDuration(1_000)} or more`;
      } catch (error) {
        if (!isMooringError(error, "CONFIG_INVALID")) throw error;
        return `is ${quote(value)}; write it like 90s or 10m`;
      }
    }),
  ];
}

/** An annotation may be as large as all that an Application can hold beside its status. */
function quote(value: string): string {
  return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
}

function problemsOf(
  name: string,
  annotations: Annotations,
  judge: (value: string) => string | undefined,
): readonly { readonly path: string; readonly message: string }[] {
  const value = annotations?.[name];
  const problem = value === undefined ? undefined : judge(value);
  const path = `metadata.annotations[${name}]`;
  return problem === undefined ? [] : [{ path, message: `${path} ${problem}` }];
}
