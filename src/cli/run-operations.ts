import type { Application, Operation } from "#core/app/index.ts";
import { formatCondition } from "#core/app/index.ts";
import type { ObjectRef } from "#ports/cluster.ts";
import { awaitOperation } from "./await-operation.ts";
import { printError } from "./exit.ts";
import type { CliHub } from "./hub.ts";
import { createPaint } from "./output/paint.ts";
import { isMachineReadable, printApplication } from "./output/print-app.ts";
import { createProgress } from "./output/progress.ts";
import type { CliPorts } from "./ports.ts";
import type { AnnotationsOf, RequestOperation } from "./start-operation.ts";
import { startOperation } from "./start-operation.ts";
import { oneLine } from "./output/table.ts";
import { isAbortError } from "#core/errors/index.ts";

export interface RunOperations {
  readonly hub: CliHub;
  readonly ports: CliPorts;
  readonly refs: readonly ObjectRef[];
  readonly operationOf: (app: Application) => Operation;
  /** Annotations that are written with the operation. */
  readonly annotationsOf?: AnnotationsOf;
  /** How a server is asked for it; as a sync where nothing else is said. */
  readonly request?: RequestOperation;
  readonly async: boolean;
  readonly timeoutSeconds: number | undefined;
  readonly output: string | undefined;
  readonly color: string | undefined;
  readonly verb: string;
}

const failed = 1;

/** Starts an operation on each Application, then shows each to its end. 0 when all succeeded, 1 otherwise. */
export async function runOperations(run: RunOperations): Promise<number> {
  const started: { readonly ref: ObjectRef; readonly operation: Operation }[] = [];
  let exit = 0;
  for (const ref of run.refs) {
    try {
      const { operationOf, annotationsOf, request } = run;
      const { signal } = run.ports;
      const operation = await startOperation(run.hub, ref, { operationOf, annotationsOf, request, signal });
      started.push({ ref, operation });
    } catch (error) {
      if (run.refs.length === 1 || isAbortError(error)) throw error;
      printError(run.ports.stderr, error, { debug: false });
      exit = failed;
    }
  }
  if (run.async) return exit;
  for (const one of started) {
    const ok = await followOne(one.ref, one.operation, run);
    if (!ok) exit = failed;
  }
  return exit;
}

async function followOne(ref: ObjectRef, operation: Operation, run: RunOperations): Promise<boolean> {
  const { hub, ports, timeoutSeconds, verb } = run;
  const paint = createPaint(ports, ports.stdout, run.color);
  const progress = createProgress(ports, { paint, verb, quiet: isMachineReadable(run.output) });
  let last: Application | undefined;
  try {
    const ended = await awaitOperation(hub, ref, {
      ports,
      operation,
      timeoutSeconds,
      onChange: (app) => {
        last = app;
        progress.update(app);
      },
    });
    progress.close();
    if (ended === undefined) {
      reportTimeout(ref, last, run);
      return false;
    }
    await printEnd(ended.app, run);
    if (ended.state.phase === "Succeeded") return true;
    reportFailure(ended.app, ports);
    return false;
  } catch (error) {
    progress.close();
    if (isAbortError(error)) {
      ports.stderr.write(
        `mooring: the operation goes on; stop it with: mooring app terminate-op ${ref.name}\n`,
      );
    }
    throw error;
  }
}

async function printEnd(app: Application, run: RunOperations): Promise<void> {
  const { hub, ports, output, color } = run;
  if (!isMachineReadable(output)) ports.stdout.write("\n");
  await printApplication(app, { hub, ports, output, color, showOperation: true });
}

function reportTimeout(
  ref: ObjectRef,
  last: Application | undefined,
  { ports, timeoutSeconds }: RunOperations,
): void {
  const state = last?.status?.operationState;
  const picked = state !== undefined && last?.operation !== undefined && state.finishedAt === undefined;
  const doing = picked ? `it is ${state.phase}: ${state.message ?? ""}` : "no controller has taken it up";
  ports.stderr.write(
    `mooring: Application/${ref.namespace}/${ref.name}: the operation did not end within ${timeoutSeconds ?? 0} s: ${doing}\n` +
      `  it goes on; wait with: mooring app wait ${ref.name} --operation\n`,
  );
}

/** Why it failed: the operation's message, then each object that failed, then the conditions. */
function reportFailure(app: Application, ports: CliPorts): void {
  const state = app.status?.operationState;
  const { namespace = "", name } = app.metadata;
  const results = state?.syncResult?.resources ?? [];
  const objects = results
    .filter((one) => one.status === "SyncFailed" || one.hookPhase === "Failed" || one.hookPhase === "Error")
    .map((one) => {
      const place = one.namespace === "" ? "" : `${one.namespace}/`;
      const subject = `${one.kind}/${place}${one.name}: `;
      const message = oneLine(one.message ?? "");
      return message.startsWith(subject) ? message : subject + message;
    });
  const conditions = (app.status?.conditions ?? [])
    .filter(({ type }) => type.endsWith("Error"))
    .map((condition) => oneLine(formatCondition(condition)));
  const lines = [...new Set([...objects, ...conditions])].map((line) => `  ${line}\n`);
  const head = `mooring: Application/${namespace}/${name}: operation ${state?.phase ?? "failed"}: ${oneLine(state?.message ?? "")}\n`;
  ports.stderr.write(head + lines.join(""));
}
