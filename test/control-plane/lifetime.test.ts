import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ControlPlaneAccess, parseKubeconfig } from "./kubeconfig.ts";
import { callApi, controlPlane, eventually } from "./fixture.ts";
import { type ControlPlane, startControlPlane } from "./start.ts";

describe("started from the command line", () => {
  let directory: string;
  let commands: ChildProcess[];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "mooring-lifetime-"));
    commands = ["first", "second"].map((name) =>
      spawn(process.execPath, [join(import.meta.dirname, "main.ts"), "--kubeconfig", join(directory, name)], {
        stdio: "ignore",
      }),
    );
  });

  afterAll(async () => {
    for (const command of commands) command.kill("SIGKILL");
    await rm(directory, { recursive: true, force: true });
  });

  async function waitFor(name: string): Promise<ControlPlaneAccess> {
    const path = join(directory, name);
    const text = await eventually(() => readFile(path, "utf8"), { timeoutMs: 60_000 });
    return parseKubeconfig(text, path);
  }

  it("runs side by side with others and leaves nothing behind however it ends", async () => {
    const [first, second] = await Promise.all([waitFor("first"), waitFor("second")]);
    expect(new Set([first.server, second.server, controlPlane().server]).size).toBe(3);
    expect((await stat(first.kubeconfigPath)).mode & 0o777).toBe(0o600);
    await callApi(first, {
      method: "POST",
      path: "/api/v1/namespaces",
      body: { metadata: { name: "mine" } },
    });
    await expect(callApi(second, { path: "/api/v1/namespaces/mine" })).rejects.toMatchObject({ status: 404 });
    expect(await traces(first)).toHaveLength(8);

    const [terminated, killed] = commands as [ChildProcess, ChildProcess];
    const exit = once(terminated, "exit");
    terminated.kill("SIGTERM");
    expect(await exit).toEqual([0, null]);
    expect(await traces(first)).toEqual([]);

    expect(await traces(second)).toHaveLength(8);
    killed.kill("SIGKILL");
    await eventually(async () => expect(await traces(second)).toEqual([]));
  });

  it("ends when the shell that npm runs it in is ended", async () => {
    const data = join(directory, "data");
    const arguments_ = `--kubeconfig ${join(directory, "third")} --data ${data}`;
    const command = `${process.execPath} ${join(import.meta.dirname, "main.ts")} ${arguments_}; true`;
    const env = { ...process.env, npm_lifecycle_event: "control-plane" };
    const shell = spawn("sh", ["-c", command], { stdio: "ignore", env });
    await eventually(async () => expect((await processesNaming(data)).length).toBeGreaterThan(3));
    shell.kill("SIGTERM");
    await eventually(async () => expect(await processesNaming(data)).toEqual([]));
    expect(await readdir(data)).toEqual([]);
  });
});

// The warden, the five programs, their directory and the kubeconfig.
async function traces(access: ControlPlaneAccess): Promise<string[]> {
  const directory = dirname(access.auditLogPath);
  const files = [directory, access.kubeconfigPath].filter((path) => existsSync(path));
  return [...(await processesNaming(directory)), ...files];
}

async function processesNaming(path: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)("ps", ["-axww", "-o", "args="], { maxBuffer: 1 << 26 });
  return stdout.split("\n").filter((line) => line.includes(path));
}

describe("one of a test's own", () => {
  let own: ControlPlane;

  beforeAll(async () => {
    own = await startControlPlane({ nodes: 1 });
  });

  afterAll(() => own[Symbol.asyncDispose]());

  it.each(["SIGTERM", "SIGKILL"] as const)(
    "keeps its address and data when the API server gets %s",
    async (signal) => {
      const namespace = await own.createNamespace();
      const path = `/api/v1/namespaces/${namespace.name}`;
      await own.stopApiServer({ signal });
      await expect(callApi(own.access, { path })).rejects.toMatchObject({ code: "ECONNREFUSED" });
      await own.startApiServer();
      expect((await callApi(own.access, { path })).metadata.name).toBe(namespace.name);
    },
  );

  it("answers 410 to a list that goes on after a compaction", async () => {
    const path = "/api/v1/namespaces?limit=1";
    const { metadata } = await callApi<{ metadata: { continue: string } }>(own.access, { path });
    await own.createNamespace();
    await own.compactEtcd();
    await own.restartApiServer({ signal: "SIGKILL" });
    const next = `${path}&continue=${encodeURIComponent(metadata.continue)}`;
    await expect(callApi(own.access, { path: next })).rejects.toMatchObject({ status: 410 });
  });
});
