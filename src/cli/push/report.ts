import type { ObjectKey } from "#core/object/index.ts";
import { parseObjectKey } from "#core/object/index.ts";
import type { ActionResult } from "#engine/plan-run.ts";
import type { RunOutcome } from "#engine/run-plan.ts";
import { oneLine } from "../output/table.ts";

/** One object of a push and what became of it. */
export interface ReportLine {
  readonly object: string;
  readonly namespace: string;
  readonly outcome: "done" | "failed" | "left";
  readonly message: string;
  /** The file that it comes from; empty for what left the files. */
  readonly file: string;
  /** The place in the file, as the renderer tells it. */
  readonly origin: string;
}

export interface PushReport {
  readonly app: string;
  readonly digest: string;
  readonly phase: RunOutcome["phase"];
  readonly message: string;
  readonly lines: readonly ReportLine[];
}

export function lineFor(
  { key, result, hookPhase }: ActionResult,
  origins: ReadonlyMap<ObjectKey, string>,
): ReportLine {
  const { group, kind, namespace, name } = parseObjectKey(key);
  const object = `${kind.toLowerCase()}${group === "" ? "" : `.${group}`}/${name}`;
  const origin = origins.get(key) ?? "";
  const hookFailed = hookPhase === "Failed" || hookPhase === "Error";
  const failed = result.code === "SyncFailed" || hookFailed;
  const plain = result.message.startsWith(`${object} `)
    ? result.message.slice(object.length + 1)
    : result.message;
  const ended =
    hookPhase === undefined || hookPhase === "Running" ? plain : `${hookPhase.toLowerCase()}: ${plain}`;
  return {
    object,
    namespace,
    outcome: failed ? "failed" : result.code === "PruneSkipped" ? "left" : "done",
    message: failed && !hookFailed ? `failed: ${ended}` : ended,
    file: origin.replace(/#\d+$/u, ""),
    origin,
  };
}

/** `deployment.apps/web configured`, with its namespace where that is not the application's; a line of the log whatever a server answers. */
export function formatReportLine(line: ReportLine, home: string): string {
  const place = line.namespace === "" || line.namespace === home ? "" : ` in namespace ${line.namespace}`;
  return oneLine(`${line.object}${place} ${line.message}`);
}
