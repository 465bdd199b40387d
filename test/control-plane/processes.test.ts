import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { eventually } from "./eventually.ts";
import { startProcesses } from "./processes.ts";

const sleeper = { name: "sleeper", file: "sleep", args: ["1000"] };

function newDirectory(): Promise<string> {
  return mkdtemp(join(tmpdir(), "mooring-processes-"));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
    throw error;
  }
}

it("ends its programs and removes their directory when disposed", async () => {
  const directory = await newDirectory();
  const processes = startProcesses(directory);
  const { pid, exited } = await processes.start(sleeper);
  expect(isRunning(pid)).toBe(true);
  await processes[Symbol.asyncDispose]();
  expect([isRunning(pid), existsSync(directory)]).toEqual([false, false]);
  expect(await exited).toBe("the end of its warden");
});

it("tells how a program ended and keeps what it printed", async () => {
  const directory = await newDirectory();
  await using processes = startProcesses(directory);
  const shell = { name: "shell", file: "sh", args: ["-c", "echo printed; exit 3"] };
  expect(await (await processes.start(shell)).exited).toBe("code 3");
  expect(await readFile(join(directory, "shell.log"), "utf8")).toBe("printed\n");
  const signalled = await processes.start(sleeper);
  signalled.signal("SIGTERM");
  expect(await signalled.exited).toBe("SIGTERM");
});

it("says which program could not be started", async () => {
  await using processes = startProcesses(await newDirectory());
  await expect(processes.start({ name: "absent", file: "/absent", args: [] })).rejects.toThrow(
    "absent: /absent did not start",
  );
});

it("ends the programs of a parent that is killed", async () => {
  const directory = await newDirectory();
  const script = `
    const { startProcesses } = await import(${JSON.stringify(join(import.meta.dirname, "processes.ts"))});
    const processes = startProcesses(${JSON.stringify(directory)});
    const { pid } = await processes.start(${JSON.stringify(sleeper)});
    console.log(pid);`;
  const parent = spawn(process.execPath, ["--input-type=module", "--eval", script]);
  const [pid] = (await once(parent.stdout, "data")).map(Number) as [number];
  expect(isRunning(pid)).toBe(true);
  parent.kill("SIGKILL");
  await eventually(() => expect([isRunning(pid), existsSync(directory)]).toEqual([false, false]));
});

it("ends the programs of a warden that is killed", async () => {
  const directory = await newDirectory();
  const processes = startProcesses(directory);
  const warden = { name: "warden-pid", file: "sh", args: ["-c", "echo $PPID"] };
  await (
    await processes.start(warden)
  ).exited;
  const { pid, exited } = await processes.start(sleeper);
  process.kill(Number(await readFile(join(directory, "warden-pid.log"), "utf8")), "SIGKILL");
  expect(await exited).toBe("the end of its warden");
  await eventually(() => expect(isRunning(pid)).toBe(false));
  await processes[Symbol.asyncDispose]();
  expect(existsSync(directory)).toBe(false);
});
