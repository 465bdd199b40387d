/**
 * Started with a directory by `processes.ts`, in a session of its own. It runs the programs of one
 * control plane and, when the process that started it ends in whatever way, ends them and removes
 * their directory: a killed test run leaves nothing behind.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { ProcessSpec, WardenEvent, WardenRequest } from "./warden-protocol.ts";

const [directory] = process.argv.slice(2);
if (directory === undefined) throw new Error("warden: takes the directory that it is to remove");

const children = new Map<number, ChildProcess>();
const owned = [directory];
let ending = false;

process.on("message", (request: WardenRequest) => {
  switch (request.kind) {
    case "start":
      return start(request.id, request.spec);
    case "signal":
      return void children.get(request.id)?.kill(request.signal);
    case "own":
      return void owned.push(request.path);
    default:
      throw new Error(`warden: unknown request ${JSON.stringify(request satisfies never)}`);
  }
});
process.once("disconnect", () => void end());
process.once("SIGTERM", () => void end());
process.once("SIGINT", () => void end());
// A warden that dies of a bug of its own must not leave its children running.
process.once("uncaughtException", (error) => {
  process.stderr.write(`warden: ${error.stack}\n`);
  void end();
});

function start(id: number, { name, file, args, env }: ProcessSpec): void {
  if (ending) return;
  const log = openSync(join(directory as string, `${name}.log`), "a", 0o600);
  const child = spawn(file, args, {
    cwd: directory,
    env: { ...process.env, ...env },
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  child.once("spawn", () => tell({ kind: "started", id, pid: child.pid as number }));
  child.once("error", (error) => tell({ kind: "failed", id, message: error.message }));
  child.once("exit", (code, signal) => {
    children.delete(id);
    tell({ kind: "exited", id, status: signal ?? `code ${code}` });
  });
  children.set(id, child);
}

function tell(event: WardenEvent): void {
  // Whoever started the warden may just have died; "disconnect" deals with that.
  if (process.connected) process.send?.(event, undefined, {}, () => undefined);
}

// Their data is removed next, so there is nothing that a slower end would save.
async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  const exits = [...children.values()].map(
    (child) => new Promise((resolve) => (child.pid === undefined ? resolve(0) : child.once("exit", resolve))),
  );
  for (const child of children.values()) child.kill("SIGKILL");
  await Promise.all(exits);
  await Promise.all(owned.map((path) => rm(path, { recursive: true, force: true, maxRetries: 5 })));
  process.exit(0);
}
