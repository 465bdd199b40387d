import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { MooringError } from "#core/errors/index.ts";
import type { Outcome, Question, RenderJob, ThreadData, ThreadMessage } from "../protocol.ts";
import { renderDirectory } from "./directory.ts";
import { Engines } from "./engine/engines.ts";
import { openFileAccess, RenderStopped } from "./file-access.ts";
import { renderHelm } from "./helm.ts";
import { renderKustomize } from "./kustomize.ts";
import { renderOutside } from "./outside.ts";
import { packOutput } from "./pack-output.ts";
import { openRenderSecrets } from "./render-secrets.ts";
import type { ToolContext, ToolOutput } from "./tool.ts";

if (isMainThread || parentPort === null) {
  throw new Error("render-thread.ts runs user input and must be loaded in a worker thread");
}
const port = parentPort;
const { flags, answers } = workerData as ThreadData;

const engines = new Engines();

function runTool(context: ToolContext): ToolOutput {
  const { source } = context.job;
  switch (source.tool) {
    case "directory":
      return renderDirectory(context, source);
    case "helm":
      return renderHelm(context, source);
    case "kustomize":
      return source.program === undefined
        ? renderKustomize(context, source)
        : renderOutside(context, "Kustomize");
    case "plugin":
      return renderOutside(context, "Plugin");
    default:
      throw new Error(`unhandled tool: ${JSON.stringify(source satisfies never)}`);
  }
}

function render(job: RenderJob): Outcome {
  const send = (question: number, ask: Question): void => {
    port.postMessage({ type: "ask", id: job.id, question, ask } satisfies ThreadMessage);
  };
  const files = openFileAccess({ job: job.id, flags, answers, send });
  const secrets = openRenderSecrets(files, job);
  const spent = startMeasuring(job);
  try {
    const { decryption } = secrets;
    const output = secrets.finish(runTool({ files: secrets.files, job, engines, decryption }));
    const packed = packOutput(output, job.limits.maxOutputBytes, secrets.hidden);
    return { type: "rendered", rendered: { ...packed, spentMs: spent() } };
  } catch (error) {
    if (error instanceof RenderStopped) return { type: "stopped" };
    if (error instanceof MooringError) {
      return { type: "failed", code: error.code, message: secrets.redact(error.message) };
    }
    return { type: "crashed", message: describeBug(error) };
  }
}

/** Processor time of this thread; the native engine's is not to be seen from here, so its whole time counts. */
function startMeasuring(job: RenderJob): () => number {
  const startedAt = performance.now();
  const before = process.threadCpuUsage();
  return () => {
    if (job.native) return performance.now() - startedAt;
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1000;
  };
}

/** Names the place of the fault only: the message of an engine's error may quote the user's text. */
function describeBug(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  const place = /\(?([^\s()/]+\.\w+:\d+):\d+\)?/.exec(error.stack ?? "")?.[1];
  return place === undefined ? error.name : `${error.name} at ${place}`;
}

port.on("message", (job: RenderJob) => {
  port.postMessage({ type: "started", id: job.id } satisfies ThreadMessage);
  const outcome = render(job);
  const transfer = outcome.type === "rendered" ? [outcome.rendered.manifests.buffer] : [];
  const { spent } = engines;
  port.postMessage({ type: "ended", id: job.id, outcome, spent } satisfies ThreadMessage, transfer);
  engines.collect();
});
