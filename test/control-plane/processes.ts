import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import type { ProcessSpec, WardenEvent, WardenRequest } from "./warden-protocol.ts";

export interface RunningProcess {
  readonly name: string;
  readonly pid: number;
  /** Resolves with `code N` or the name of a signal. */
  readonly exited: Promise<string>;
  signal(signal: NodeJS.Signals): void;
}

/** Programs that end, with their directory removed, when this is disposed or its process dies. */
export interface Processes extends AsyncDisposable {
  start(spec: ProcessSpec): Promise<RunningProcess>;
  /** Has one more file removed at the end. */
  own(path: string): void;
}

interface Entry {
  readonly started: PromiseWithResolvers<number>;
  readonly exited: PromiseWithResolvers<string>;
  pid?: number;
}

/** Runs programs under a warden process that outlives this one for as long as it takes to end them. */
export function startProcesses(directory: string): Processes {
  const warden = fork(new URL("./warden.ts", import.meta.url), [directory], {
    detached: true,
    execArgv: [],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const entries: Entry[] = [];
  const paths = [directory];
  warden.on("message", (event: WardenEvent) => settle(entries[event.id], event));
  const gone = once(warden, "exit")
    .catch((error: Error) => error)
    .then(() => endOrphans(entries));
  return {
    start: (spec) => startProcess(spec, { warden, entries }),
    own: (path) => {
      paths.push(path);
      tell(warden, { kind: "own", path });
    },
    [Symbol.asyncDispose]: async () => {
      if (warden.connected) warden.disconnect();
      await gone;
      // Already gone, unless the warden itself was killed.
      await Promise.all(paths.map((path) => rm(path, { recursive: true, force: true, maxRetries: 5 })));
    },
  };
}

async function startProcess(
  spec: ProcessSpec,
  { warden, entries }: { readonly warden: ChildProcess; readonly entries: Entry[] },
): Promise<RunningProcess> {
  const id = entries.length;
  const entry: Entry = { started: Promise.withResolvers(), exited: Promise.withResolvers() };
  entries.push(entry);
  tell(warden, { kind: "start", id, spec });
  const pid = await entry.started.promise.catch((cause: unknown) => {
    throw new Error(`${spec.name}: ${spec.file} did not start`, { cause });
  });
  return {
    name: spec.name,
    pid,
    exited: entry.exited.promise,
    signal: (signal) => tell(warden, { kind: "signal", id, signal }),
  };
}

function settle(entry: Entry | undefined, event: WardenEvent): void {
  if (entry === undefined) throw new Error(`warden: tells of process ${event.id}, which was never started`);
  switch (event.kind) {
    case "started":
      entry.pid = event.pid;
      return entry.started.resolve(event.pid);
    case "failed":
      return entry.started.reject(new Error(event.message));
    case "exited":
      delete entry.pid;
      return entry.exited.resolve(event.status);
    default:
      throw new Error(`warden: unknown event ${JSON.stringify(event satisfies never)}`);
  }
}

// A warden ends its children itself; only those of one that was killed are still here.
function endOrphans(entries: readonly Entry[]): void {
  for (const entry of entries) {
    if (entry.pid !== undefined) killIfRunning(entry.pid);
    entry.started.reject(new Error("the warden process has ended"));
    entry.exited.resolve("the end of its warden");
  }
}

function killIfRunning(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

function tell(warden: ChildProcess, request: WardenRequest): void {
  if (!warden.connected) throw new Error("the warden process of this control plane has ended; start another");
  // A warden that is ending cannot be told; its exit settles what was asked of it.
  warden.send(request, () => undefined);
}
