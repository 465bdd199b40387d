import { Worker } from "node:worker_threads";
import type { Tree } from "./answer.ts";
import { type Engine, fullRequest, type Outcome, readReply } from "./reply.ts";

/** The engine as a WebAssembly library in a thread, which is started anew after a trap. */
export function startWasmEngine(wasm: Uint8Array): Engine {
  const module = WebAssembly.compile(new Uint8Array(wasm));
  let worker: Worker | undefined;
  const render = async (request: object, tree: Tree): Promise<Outcome> => {
    worker ??= new Worker(new URL("wasm-thread.ts", import.meta.url), { workerData: await module });
    try {
      return readReply(await ask(worker, { request: fullRequest(request), tree }));
    } catch (error) {
      worker = undefined;
      if (!(error instanceof Error)) throw error;
      return { ok: false, code: "RENDER_CRASHED", message: error.message };
    }
  };
  const stop = async () => {
    await worker?.terminate();
  };
  return { name: "the WebAssembly library", render, [Symbol.asyncDispose]: stop };
}

function ask(worker: Worker, message: object): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  worker.once("message", resolve);
  worker.once("error", reject);
  worker.postMessage(message);
  return promise.finally(() => {
    worker.off("message", resolve);
    worker.off("error", reject);
  });
}
