import { parentPort } from "node:worker_threads";
import type { RunOptions } from "./run-seed.ts";
import { runSeed } from "./run-seed.ts";

const port = parentPort;
if (port === null) throw new Error("seed-thread.ts is loaded in a worker thread");

port.on("message", (options: Omit<RunOptions, "trace">) => {
  void runSeed(options).then((verdict) => port.postMessage(verdict));
});
