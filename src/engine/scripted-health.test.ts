import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { KubeObject } from "#core/object/index.ts";
import { keyOf } from "#core/object/index.ts";
import type { HealthScript, HealthScripts } from "#core/settings/index.ts";
import type { Scripts } from "#ports/scripts.ts";
import { startScripts } from "#render/index.ts";
import type { ComparedObject } from "./compare.ts";
import { judgeByScripts } from "./judge-by-scripts.ts";
import { HealthChecks } from "./scripted-health.ts";

const real = startScripts();
afterAll(() => real[Symbol.asyncDispose]());

/** How many objects were given to a script. */
let runs = 0;
let now = 0;
const counted: Scripts = {
  jq: (...args) => real.jq(...args),
  lua: (script, globals, signal) => {
    runs += globals.length;
    return real.lua(script, globals, signal);
  },
};
let checks: HealthChecks;
beforeEach(() => {
  [runs, now] = [0, 0];
  checks = new HealthChecks({ scripts: counted, clock: { now: () => now }, secretHash: () => "hash" });
});
const { signal } = new AbortController();

const script = (text: string): HealthScript => ({
  language: "lua",
  name: "key",
  text,
  opensLibraries: false,
});
const scriptsFor = (text: string): HealthScripts => ({
  exact: { "example.com/Widget": script(text) },
  wildcards: [],
});
const bySpec = scriptsFor("return {status = obj.spec.health}");

function widget(health: string, resourceVersion = "1", metadata = {}): KubeObject {
  return {
    apiVersion: "example.com/v1",
    kind: "Widget",
    metadata: { name: "one", namespace: "shop", uid: "u", resourceVersion, ...metadata },
    spec: { health },
  };
}

describe("a health script", () => {
  it("runs once for each version of an object, and again when it is another script", async () => {
    const judge = checks.judgeBy(bySpec, "shop");
    await judge.learn([widget("Degraded")], signal);
    await judge.learn([widget("Degraded")], signal);
    expect([judge.assess(widget("Degraded")), runs]).toEqual([{ status: "Degraded" }, 1]);
    await judge.learn([widget("Healthy", "2")], signal);
    expect([judge.assess(widget("Healthy", "2")), runs]).toEqual([{ status: "Healthy" }, 2]);
    const same = checks.judgeBy(structuredClone(bySpec), "shop");
    await same.learn([widget("Healthy", "2")], signal);
    expect(runs).toBe(2);
    const other = checks.judgeBy(scriptsFor("return {status = 'Suspended'}"), "shop");
    await other.learn([widget("Healthy", "2")], signal);
    expect([other.assess(widget("Healthy", "2")), runs]).toEqual([{ status: "Suspended" }, 3]);
  });

  it("is awaited by an object that it has not seen, and stands until it has seen the next version", async () => {
    const judge = checks.judgeBy(bySpec, "shop");
    const waiting = { status: "Progressing", message: "Waiting for its health script" };
    expect(judge.assess(widget("Healthy"))).toEqual(waiting);
    await judge.learn([widget("Healthy")], signal);
    expect(judge.assess(widget("Degraded", "2"))).toEqual({ status: "Healthy" });
  });

  it("that fails is tried again after a minute, and not before", async () => {
    const judge = checks.judgeBy(scriptsFor("return obj.status.phase"), "shop");
    const message = "health script key: script:1: attempt to index a non-table object(nil) with key 'phase'";
    await judge.learn([widget("Healthy")], signal);
    expect(judge.assess(widget("Healthy"))).toEqual({ status: "Unknown", message });
    expect(judge.isSettled(widget("Healthy"))).toBe(false);
    now = 59_000;
    await judge.learn([widget("Healthy")], signal);
    expect(runs).toBe(1);
    now = 61_000;
    await judge.learn([widget("Healthy")], signal);
    expect(runs).toBe(2);
  });

  it("does not see the values of a Secret", async () => {
    const text = "return {status = 'Healthy', message = obj.data.token}";
    const judge = checks.judgeBy({ exact: { Secret: script(text) }, wildcards: [] }, "shop");
    const secret: KubeObject = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "a", uid: "s", resourceVersion: "1" },
      data: { token: "aHVudGVyMg==" },
    };
    await judge.learn([secret], signal);
    expect(judge.assess(secret)).toEqual({ status: "Healthy", message: "<secret hash>" });
  });

  it("has nothing to say of an object that is being deleted, nor of other kinds", async () => {
    const judge = checks.judgeBy(bySpec, "shop");
    const deleting = widget("Healthy", "1", { deletionTimestamp: "2026-01-01T00:00:00Z" });
    const service: KubeObject = { apiVersion: "v1", kind: "Service", metadata: { name: "a" }, spec: {} };
    await judge.learn([deleting, service], signal);
    expect(runs).toBe(0);
    expect(judge.assess(deleting)).toEqual({ status: "Progressing", message: "Pending deletion" });
    expect(judge.assess(service)).toEqual({ status: "Healthy" });
  });
});

it("an application's health does not follow from what its own Application says", async () => {
  const exact = { "argoproj.io/Application": script("return obj.status.health") };
  const judge = checks.judgeBy({ exact, wildcards: [] }, "parent");
  const application = (name: string): KubeObject => ({
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name, namespace: "argocd", uid: name, resourceVersion: "1" },
    status: { health: { status: "Degraded" } },
  });
  await judge.learn([application("parent"), application("child")], signal);
  expect([judge.assess(application("parent")), judge.assess(application("child"))]).toEqual([
    undefined,
    { status: "Degraded" },
  ]);
});

describe("a comparison", () => {
  it("does not read an object again whose script has spoken and whose verdict stands", async () => {
    const live = widget("Degraded");
    const key = keyOf(live);
    const compared = { key, liveVersion: "1", health: undefined } as unknown as ComparedObject;
    const verdicts = new Map([[key, {}]]);
    let reads = 0;
    const readLive = async () => {
      reads += 1;
      return live;
    };
    const request = { health: checks.judgeBy(bySpec, "shop"), verdicts, readLive, signal };
    const first = await judgeByScripts([compared], request);
    const second = await judgeByScripts([compared], request);
    expect([first[0]?.health, second[0]?.health, reads]).toEqual([
      { status: "Degraded" },
      { status: "Degraded" },
      1,
    ]);
    verdicts.set(key, {});
    await judgeByScripts([compared], request);
    expect([reads, runs]).toEqual([2, 1]);
  });
});

describe("health expressions", () => {
  const slow = ["a", "b", "c", "d", "e"].reduceRight(
    (inner, variable) => `spec.l.all(${variable}, ${inner})`,
    "a + b + c + d + e >= 0",
  );
  const judgeBy = (current: string) => {
    const check: HealthScript = { language: "cel", name: "key", expressions: { current } };
    return checks.judgeBy({ exact: { "example.com/Widget": check }, wildcards: [] }, "shop");
  };
  const withList = (name: string, length: number): KubeObject => ({
    ...widget("", "1", { uid: name }),
    spec: { l: Array.from({ length }, (_, i) => i) },
  });
  const late = {
    status: "Unknown",
    message: expect.stringContaining("health expressions key: it took longer than 200 ms") as string,
  };

  it("judge an object without the engine of the scripts", async () => {
    const judge = judgeBy("spec.health == 'Good'");
    await judge.learn([widget("Good")], signal);
    expect([judge.assess(widget("Good")), judge.isSettled(widget("Good")), runs]).toEqual([
      { status: "Healthy" },
      true,
      0,
    ]);
  });

  it("that took too long on one object are not tried on others for a minute", async () => {
    const judge = judgeBy(slow);
    const [large, small] = [withList("large", 100), withList("small", 2)];
    await judge.learn([large, small], signal);
    expect([judge.assess(large), judge.assess(small)]).toEqual([late, late]);
    now += 60_001;
    await judge.learn([small], signal);
    expect(judge.assess(small)).toEqual({ status: "Healthy" });
  });
});
