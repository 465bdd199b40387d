import { Worker } from "node:worker_threads";
import { runControllerProcess } from "#main/controller.ts";
import type { Usage } from "./lib/controller.ts";

/** The controller, measured: `controller-process.ts <kubeconfig> <namespace> <data>`, with an IPC channel. */
const [kubeconfig = "", namespace = "", data = ""] = process.argv.slice(2);

let renders = 0;
const post = Reflect.get(Worker.prototype, "postMessage") as Worker["postMessage"];
// A render is a message to a render thread that names a source: counted here, so that the product need not.
Worker.prototype.postMessage = function postCounted(this: Worker, ...args: Parameters<typeof post>) {
  const [message] = args as [unknown];
  if (typeof message === "object" && message !== null && "source" in message) renders += 1;
  post.apply(this, args);
};

const mebibyte = 1024 * 1024;

/** What the collections of everything took, which the measurement does and not the controller. */
const collecting = { all: 0, main: 0 };

function spent(): { readonly all: number; readonly main: number } {
  const all = process.cpuUsage();
  const main = process.threadCpuUsage();
  return { all: all.user + all.system - collecting.all, main: main.user + main.system - collecting.main };
}

function usage(): Usage {
  const { all, main } = spent();
  globalThis.gc?.();
  const collected = spent();
  collecting.all += collected.all - all;
  collecting.main += collected.main - main;
  const { rss, heapUsed, external } = process.memoryUsage();
  return {
    cpuSeconds: all / 1_000_000,
    mainCpuSeconds: main / 1_000_000,
    rssMiB: rss / mebibyte,
    heapMiB: heapUsed / mebibyte,
    externalMiB: external / mebibyte,
    renders,
  };
}

/** Applications that were found to stand at a new commit and whose status is written later. */
const standing = new Set<string>();

function keepLine(line: string): void {
  const app = /the revision is written later .*?app=(\S+)/u.exec(line)?.[1];
  if (app === undefined) process.stderr.write(line);
  else standing.add(app);
}

process.on("message", (asked) => process.send?.(asked === "standing" ? standing.size : usage()));
process.exitCode = await runControllerProcess({
  kubeconfig,
  namespace,
  data,
  identity: "bench",
  logLevel: "debug",
  write: keepLine,
  onReady: () => process.send?.("ready"),
});
process.disconnect();
