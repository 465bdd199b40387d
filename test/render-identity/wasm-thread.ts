import { parentPort, workerData } from "node:worker_threads";
import { encodeMessage } from "#render/engine-message.ts";
import { startWasmEngine } from "#render/thread/engine/wasm-engine.ts";
import { answerFrom, type Tree } from "./answer.ts";
import { clockSeconds } from "./reply.ts";

const maxMemoryMb = 1024;
const seed = new Uint8Array(32).fill(7);

/** Keeps one instance of the module and renders what it is sent; a trap ends the thread. */
const engine = startWasmEngine(workerData as WebAssembly.Module, maxMemoryMb);

parentPort?.on("message", ({ request, tree }: { request: object; tree: Tree }) => {
  const reply = engine.render(encodeMessage(request), { clockSeconds, seed }, (question) =>
    answerFrom(tree, question),
  );
  parentPort?.postMessage(reply, [reply.buffer]);
  engine.collect();
});
