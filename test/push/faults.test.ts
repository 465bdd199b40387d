import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, it, onTestFinished } from "vitest";
import { parseInventory } from "#core/push/index.ts";
import { viewString } from "#core/object/index.ts";
import { leaseType } from "#engine/leader/leader.ts";
import type { PushBed } from "./bed.ts";
import { configMap, startBed } from "./bed.ts";

const to = ["--to", "staging"];
const { signal } = new AbortController();
const program = path.join(import.meta.dirname, "../../bin/mooring");

const inWave = (name: string, wave: number) =>
  configMap(name).replace("}\ndata", `, annotations: {argocd.argoproj.io/sync-wave: "${wave}"}}\ndata`);
/** A Deployment that cannot become healthy: its image does not exist. */
const stuck = `apiVersion: apps/v1
kind: Deployment
metadata: {name: stuck}
spec:
  selector: {matchLabels: {app: stuck}}
  template:
    metadata: {labels: {app: stuck}}
    spec: {containers: [{name: app, image: "nginx:does-not-exist"}]}
`;

interface Running {
  readonly ended: Promise<{ readonly code: number | null; readonly said: string }>;
  readonly end: (name: NodeJS.Signals) => Promise<void>;
}

/** An apply of another process, once it waits for what never gets healthy. */
async function startHanging(bed: PushBed, web: string): Promise<Running> {
  const { KUBECONFIG: _own, ...env } = process.env;
  const args = ["apply", web, ...to, "--kubeconfig", bed.kubeconfig];
  const child = spawn(program, args, {
    env: { ...env, XDG_CACHE_HOME: bed.directory, USER: "grace", CI_JOB_URL: "https://ci.example/7" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const waits = Promise.withResolvers<undefined>();
  const said: string[] = [];
  createInterface(child.stderr).on("line", (line) => void said.push(line));
  createInterface(child.stdout).on("line", (line) => {
    said.push(line);
    if (line.startsWith("waiting for healthy state")) waits.resolve(undefined);
  });
  const onExit = (code: number | null) => waits.reject(new Error(`ended with ${code}: ${said.join("\n")}`));
  child.once("exit", onExit);
  await waits.promise;
  child.removeListener("exit", onExit);
  const closed = once(child, "close").then(() => undefined);
  return {
    ended: closed.then(() => ({ code: child.exitCode, said: said.join("\n") })),
    end: async (name) => {
      const gone = once(child, "exit");
      child.kill(name);
      await gone;
    },
  };
}

async function inventory(bed: PushBed): Promise<readonly string[]> {
  const secret = await bed.read("Secret", "mooring-push-web");
  const text = Buffer.from(viewString(secret, "data", "objects") ?? "", "base64").toString("utf8");
  return parseInventory(text, "inventory");
}

describe("mooring apply that is killed or not alone", () => {
  it("knows after kill -9 what it had begun, and the next one goes on and prunes it", async () => {
    const bed = await startBed();
    const web = await bed.write({
      "a.yaml": inWave("a", -1),
      "stuck.yaml": stuck,
      "late.yaml": inWave("late", 1),
    });
    const hanging = await startHanging(bed, web);
    expect(await bed.read("ConfigMap", "a")).toBeDefined();
    expect(await bed.read("ConfigMap", "late")).toBeUndefined();
    expect(await inventory(bed)).toEqual([
      "/ConfigMap/default/a",
      "/ConfigMap/default/late",
      "apps/Deployment/default/stuck",
    ]);
    await hanging.end("SIGKILL");
    await bed.write({ "a.yaml": undefined, "stuck.yaml": undefined });
    const next = await bed.cli.run("apply", web, ...to, "--prune");
    expect(next).toMatchObject({ code: 0, err: "" });
    expect(next.out).toMatch(/^waiting for grace \(https:\/\/ci\.example\/7\) #\w+, who is applying web\n/u);
    expect(next.out).toContain("configmap/a pruned\n");
    expect(next.out).toContain("configmap/late created\n");
    expect(await bed.read("ConfigMap", "a")).toBeUndefined();
    expect(await inventory(bed)).toEqual(["/ConfigMap/default/late"]);
  });

  it("lets the next one begin at once when it is interrupted", async () => {
    const bed = await startBed();
    const web = await bed.write({ "stuck.yaml": stuck, "late.yaml": inWave("late", 1) });
    const hanging = await startHanging(bed, web);
    await hanging.end("SIGINT");
    await bed.write({ "stuck.yaml": undefined });
    const next = await bed.cli.run("apply", web, ...to, "--prune", "--lock-timeout", "0");
    expect(next).toMatchObject({ code: 0, err: "" });
    expect(next.out).toContain("deployment.apps/stuck pruned\n");
  });

  it("ends when it has lost its Lease, and applies nothing that comes later", async () => {
    const bed = await startBed();
    const web = await bed.write({ "stuck.yaml": stuck, "late.yaml": inWave("late", 1) });
    const { ended } = await startHanging(bed, web);
    const lease = { type: leaseType, namespace: "default", name: "mooring-push-web" };
    const thief = { spec: { holderIdentity: "thief" } };
    await bed.cluster.mergePatch(lease, thief, { fieldManager: "thief", signal });
    const { code, said } = await ended;
    expect(code).toBe(20);
    expect(said).toContain("Lease/default/mooring-push-web: could not be renewed");
    expect(await bed.read("ConfigMap", "late")).toBeUndefined();
  });

  it("is refused, with the name of who applies, when it does not want to wait for another one", async () => {
    const bed = await startBed();
    const web = await bed.write({ "stuck.yaml": stuck, "late.yaml": inWave("late", 1) });
    await startHanging(bed, web);
    const { code, err } = await bed.cli.run("apply", web, ...to, "--lock-timeout", "0");
    expect(code).toBe(20);
    expect(err).toMatch(
      /Lease\/default\/mooring-push-web: grace \(https:\/\/ci\.example\/7\) #\w+ is applying the same application/u,
    );
  });

  it("waits for the other of two at once, and then finds nothing to do", async () => {
    const { cli, write } = await startBed();
    const web = await write({ "a.yaml": configMap("a"), "b.yaml": configMap("b") });
    const both = await Promise.all([cli.run("apply", web, ...to), cli.run("apply", web, ...to)]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    const created = both.filter(({ out }) => out.includes("configmap/a created"));
    expect(created).toHaveLength(1);
  });

  it("tells what it waits for when its time is over", async () => {
    const bed = await startBed();
    const web = await bed.write({ "stuck.yaml": stuck });
    const { code, err } = await bed.cli.run("apply", web, ...to, "--wait", "--timeout", "15");
    expect(code).toBe(1);
    expect(err).toContain(
      "application web: not done in time, waiting for health of Deployment/default/stuck",
    );
  });
});
