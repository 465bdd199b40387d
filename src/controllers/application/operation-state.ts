import { createHash } from "node:crypto";
import type { Application, Operation, OperationState, ResourceResult } from "#core/app/index.ts";
import { hasSources, operationSourcesOf, withoutManifests } from "#core/app/index.ts";
import type { ObjectKey } from "#core/object/index.ts";
import { jsonEqual, objectKey, parseObjectKey } from "#core/object/index.ts";
import type { HookResult } from "#core/sync/index.ts";
import { viewRetryWait } from "#core/sync/index.ts";
import type { ActionResult } from "#engine/plan-run.ts";
import { formatTime } from "#runtime/clock.ts";

export interface StateInput {
  readonly operation: Operation;
  readonly startedAtMs: number;
  readonly phase: OperationState["phase"];
  readonly message: string;
  readonly retryCount: number;
  readonly finishedAtMs?: number;
  readonly syncResult?: OperationState["syncResult"];
}

/** `status.operationState` as Argo CD shapes it. */
export function operationStateOf(input: StateInput): OperationState {
  return {
    operation:
      input.finishedAtMs === undefined ? recordedOf(input.operation) : withoutManifests(input.operation),
    phase: input.phase,
    message: input.message,
    startedAt: formatTime(input.startedAtMs),
    ...(input.finishedAtMs === undefined ? {} : { finishedAt: formatTime(input.finishedAtMs) }),
    ...(input.retryCount === 0 ? {} : { retryCount: input.retryCount }),
    ...(input.syncResult === undefined ? {} : { syncResult: input.syncResult }),
  };
}

/** An Application that holds more than this twice could be more than an API server keeps. */
const maxRepeatedBytes = 512 * 1024;

/** An operation as the status has it while it runs; large manifests stay where the client put them, and the status only tells them apart. */
function recordedOf(operation: Operation): Operation {
  const { manifests = [] } = operation.sync ?? {};
  const bytes = manifests.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (bytes <= maxRepeatedBytes) return operation;
  const digest = createHash("sha256").update(JSON.stringify(manifests)).digest("hex");
  return withoutManifests(operation, `which the operation has: sha256:${digest}`);
}

type SyncResult = NonNullable<OperationState["syncResult"]>;

/**
 * What an operation deploys, as results and history say it: one source and its revision, or, for an Application that lists its sources,
 * lists of both. Argo CD asks for `revision` even then.
 */
export function deployedOf(
  app: Application,
  operation: Operation,
  revisions: readonly string[],
): Pick<SyncResult, "revision" | "revisions" | "source" | "sources"> {
  const sources = operationSourcesOf(app, operation);
  const listed = (operation.sync?.sources ?? []).length > 0;
  const single = operation.sync?.source !== undefined && !listed;
  if (listed || (hasSources(app) && !single)) return { revision: "", revisions, sources };
  const [source] = sources;
  return { revision: revisions[0] ?? "", ...(source === undefined ? {} : { source }) };
}

export function resourceResultsOf(results: readonly ActionResult[]): readonly ResourceResult[] {
  return results.map((line) => {
    const { group, kind, namespace, name } = parseObjectKey(line.key);
    return {
      group,
      version: line.version,
      kind,
      namespace,
      name,
      status: line.result.code,
      message: line.result.message,
      syncPhase: line.phase,
      ...(line.hookPhase === undefined ? {} : { hookType: line.phase, hookPhase: line.hookPhase }),
    };
  });
}

/** What an operation had done when the controller last wrote it down. */
export interface Resumed {
  readonly startedAtMs: number;
  readonly retryCount: number;
  readonly applied: ReadonlySet<ObjectKey>;
  readonly hooks: readonly HookResult[];
  /** The lines of its result, from which the result goes on. */
  readonly lines: readonly ActionResult[];
  readonly syncResult: OperationState["syncResult"];
  /** When its next attempt is due, Unix milliseconds; undefined in the middle of one. */
  readonly dueAtMs: number | undefined;
}

const hookTypes = ["PreSync", "Sync", "PostSync", "SyncFail"] as const;

/** Continues an operation that the status says is running; undefined when the status is about another one. */
export function resumeOf(operation: Operation, state: OperationState | undefined): Resumed | undefined {
  const running = state?.phase === "Running" || state?.phase === "Terminating";
  if (state === undefined || !running || !isSame(state.operation, operation)) return undefined;
  const lines = state.syncResult?.resources ?? [];
  const keyOf = (line: ResourceResult): ObjectKey => objectKey(line);
  return {
    startedAtMs: Date.parse(state.startedAt),
    retryCount: state.retryCount ?? 0,
    applied: new Set(lines.filter((line) => wasApplied(line)).map((line) => keyOf(line))),
    hooks: lines.flatMap((line) => {
      const type = hookTypes.find((one) => one === line.hookType);
      return type === undefined || line.hookPhase === undefined
        ? []
        : [{ key: keyOf(line), type, phase: line.hookPhase }];
    }),
    lines: lines.flatMap(resultOf),
    syncResult: state.syncResult,
    dueAtMs: dueAtOf(state),
  };
}

function isSame(recorded: Operation, operation: Operation): boolean {
  return jsonEqual(recorded, operation) || jsonEqual(recorded, recordedOf(operation));
}

function dueAtOf({ phase, message }: OperationState): number | undefined {
  const at = phase === "Running" ? viewRetryWait(message) : undefined;
  return at === undefined ? undefined : Date.parse(at);
}

function resultOf(line: ResourceResult): readonly ActionResult[] {
  const { status: code, version, message = "", hookPhase } = line;
  if (code === undefined) return [];
  const phase = hookTypes.find((one) => one === line.syncPhase) ?? "Sync";
  return [{ key: objectKey(line), version: version ?? "", phase, result: { code, message }, hookPhase }];
}

/** Lines that say unchanged were not applied: whether they are healthy says nothing about this operation. */
function wasApplied(line: ResourceResult): boolean {
  return (
    line.hookType === undefined && line.status === "Synced" && line.message?.endsWith("unchanged") !== true
  );
}

/** Failure messages quote what git and API servers said, which could be anything. */
export function redactState(state: OperationState, redact: (text: string) => string): OperationState {
  const { message, syncResult } = state;
  const resources = syncResult?.resources?.map((line) =>
    line.status === "SyncFailed" && line.message !== undefined
      ? { ...line, message: redact(line.message) }
      : line,
  );
  return {
    ...state,
    ...(message === undefined ? {} : { message: redact(message) }),
    ...(syncResult === undefined || resources === undefined
      ? {}
      : { syncResult: { ...syncResult, resources } }),
  };
}
