import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { reasonOfEnd } from "../engine-failure.ts";
import type { ScriptJob, ScriptThreadData, ScriptThreadMessage } from "../scripts/protocol.ts";
import { startWasmEngine } from "./engine/wasm-engine.ts";

if (isMainThread || parentPort === null) {
  throw new Error("script-thread.ts runs user input and must be loaded in a worker thread");
}
const port = parentPort;
const { module, maxMemoryMb } = workerData as ScriptThreadData;

/** Memory of an instance never shrinks, so a thread that has taken so much is replaced. */
const maxKeptBytes = 64 * 1024 * 1024;

/** Chance is the same in each run, so that the same input gives the same result. */
const seed = new Uint8Array(32);

const engine = startWasmEngine(module, maxMemoryMb);

function run({ id, request, clockSeconds }: ScriptJob): ScriptThreadMessage {
  try {
    const reply = engine.render(request, { clockSeconds, seed }, () => {
      throw new Error("a script asks for nothing");
    });
    return { type: "answered", id, reply, spent: engine.memoryBytes() > maxKeptBytes };
  } catch (cause) {
    return { type: "ended", id, end: reasonOfEnd({ stderr: engine.stderr(), cause }) };
  }
}

port.on("message", (job: ScriptJob) => {
  const message = run(job);
  port.postMessage(message);
  if (message.type === "answered") engine.collect();
});
port.postMessage({ type: "ready" } satisfies ScriptThreadMessage);
