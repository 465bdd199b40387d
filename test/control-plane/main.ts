import { once } from "node:events";
import { readFile, rename, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { type ControlPlane, startControlPlane } from "./start.ts";

const parentCheckMs = 300;

const usage = `usage: npm run control-plane -- --kubeconfig FILE [--nodes N] [--data DIR]

Starts etcd, kube-apiserver, kube-controller-manager, kube-scheduler and KWOK nodes, writes FILE when
they are ready, and runs until SIGTERM or SIGINT. Removes FILE and its data when it ends.

  --kubeconfig FILE  where to write the kubeconfig
  --nodes N          how many nodes to create (2)
  --data DIR         where to keep data while it runs (in memory, else the temporary directory)
`;

interface Settings {
  readonly kubeconfig: string;
  readonly nodes: number;
  readonly data: string | undefined;
}

/** Aborted with `Ended` on a signal, or with the failure of a program. */
const ending = new AbortController();

async function main(): Promise<void> {
  const settings = parseSettings(process.argv.slice(2));
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => ending.abort(new Ended(signal)));
  }
  endWithParent();
  await using controlPlane = await startControlPlane({
    nodes: settings.nodes,
    ...(settings.data === undefined ? {} : { parentDirectory: resolve(settings.data) }),
    progress: say,
    onFailure: (error) => ending.abort(error),
    signal: ending.signal,
  });
  await publish(controlPlane, resolve(settings.kubeconfig));
  const seconds = (controlPlane.startMs / 1000).toFixed(1);
  say(`${controlPlane.server} is ready after ${seconds} s; use it with KUBECONFIG=${settings.kubeconfig}`);
  if (!ending.signal.aborted) await once(ending.signal, "abort");
  ending.signal.throwIfAborted();
}

/** The end that was asked for. */
class Ended extends Error {
  override readonly name = "Ended";
}

// npm passes SIGTERM to a shell, which dies of it without a word to this process.
function endWithParent(): void {
  if (process.env["npm_lifecycle_event"] !== "control-plane") return;
  const parent = process.ppid;
  const check = () => process.ppid === parent || ending.abort(new Ended("npm has ended"));
  setInterval(check, parentCheckMs).unref();
}

function parseSettings(args: readonly string[]): Settings {
  const { values } = parseArgs({
    args: [...args],
    options: {
      kubeconfig: { type: "string" },
      nodes: { type: "string", default: "2" },
      data: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help === true) {
    process.stdout.write(usage);
    process.exit(0);
  }
  const nodes = Number(values.nodes);
  if (values.kubeconfig === undefined) throw new Error(`--kubeconfig: is missing\n\n${usage}`);
  if (!Number.isInteger(nodes) || nodes < 0)
    throw new Error(`--nodes: ${values.nodes} is not a number of nodes`);
  return { kubeconfig: values.kubeconfig, nodes, data: values.data };
}

// A rename, so that whoever waits for the file never reads half of it.
async function publish(controlPlane: ControlPlane, path: string): Promise<void> {
  const text = await readFile(controlPlane.kubeconfigPath, "utf8");
  const unfinished = `${path}.${process.pid}`;
  controlPlane.ownFile(path);
  controlPlane.ownFile(unfinished);
  await writeFile(unfinished, text, { mode: 0o600 });
  await rename(unfinished, path);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  await main();
} catch (error) {
  // While it starts, an abort shows as the AbortError of whatever was awaited.
  const reason: unknown = ending.signal.aborted ? ending.signal.reason : error;
  if (!(reason instanceof Ended)) {
    process.stderr.write(`${reason instanceof Error ? reason.message : String(reason)}\n`);
    process.exitCode = 1;
  }
}
