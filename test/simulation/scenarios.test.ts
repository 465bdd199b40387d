import { describe, expect, it, onTestFinished } from "vitest";
import type { Application } from "#core/app/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { Faults } from "./faults.ts";
import { createFaults } from "./faults.ts";
import { createRandom } from "./random.ts";
import { createVirtualClock } from "./time/virtual-clock.ts";
import { readApplication } from "./workload/acts/index.ts";
import type { AppModel } from "./workload/apps.ts";
import { applicationOf } from "./workload/apps.ts";
import type { GitObject } from "./workload/objects.ts";
import type { Tap } from "./world/network.ts";
import { hubNamespace, hubUrl } from "./world/templates.ts";
import type { World } from "./world/world.ts";
import { createWorld } from "./world/world.ts";

const { signal } = new AbortController();
const write = { fieldManager: "kubectl", signal };

/** One Application on one cluster, where nothing goes wrong but what a scenario says. */
class Scenario {
  readonly world: World;
  readonly app: AppModel;
  /** `delete shop/a`, `apply shop/b`: what was written to the cluster. */
  readonly writes: string[];

  constructor(world: World, writes: string[], automated: AppModel["automated"]) {
    const [content] = world.contents;
    if (content === undefined) throw new Error("there is no repository");
    this.world = world;
    this.writes = writes;
    const place = { path: "apps/shop", branch: "main", server: hubUrl, namespace: "shop" };
    const wanted = { approval: undefined, goesBack: false, dependsOn: [] } as const;
    this.app = { name: "web", content, ...place, automated, finalizer: false, ...wanted };
  }

  commit(...names: readonly string[]): string {
    return this.commitObjects(names.map(configMap));
  }

  commitObjects(all: readonly GitObject[]): string {
    const objects = all.map((object): [string, GitObject] => [object.name, object]);
    const { content, branch, path } = this.app;
    return content.commit(branch, path, { to: new Map(objects), timeMs: this.world.clock.now() }).id;
  }

  async pass(ms: number): Promise<void> {
    await this.world.clock.run(this.world.clock.now() + ms);
  }

  async create(): Promise<void> {
    void this.#user().create(hubTypes.application, applicationOf(this.app), write);
    await this.pass(5_000);
  }

  async patch(patch: JsonObject): Promise<void> {
    const ref = { type: hubTypes.application, namespace: hubNamespace, name: this.app.name };
    void this.#user().mergePatch(ref, patch, write);
    await this.pass(5_000);
  }

  async sync(sync: JsonObject = { prune: true }): Promise<void> {
    await this.patch({ operation: { initiatedBy: { username: "ada" }, sync } });
  }

  /** Begins to sync a commit that the repository did not have yet when it was last listed. */
  async syncExtra(): Promise<void> {
    this.commit("kept");
    this.world.startController(false);
    await this.create();
    await this.sync();
    this.commit("kept", "extra");
    await this.sync();
    expect(this.live()).toEqual(["extra", "kept"]);
  }

  async remove(): Promise<void> {
    const ref = { type: hubTypes.application, namespace: hubNamespace, name: this.app.name };
    void this.#user().remove(ref, { propagation: "Background", signal });
    await this.pass(100);
  }

  restart(): void {
    killAll(this.world);
    this.world.startController(false);
  }

  status(): Application["status"] {
    return readApplication(this, this.app.name)?.status;
  }

  live(): readonly string[] {
    return this.#store()
      .list({ resource: "/configmaps", namespace: "shop" })
      .map(({ key }) => key.name)
      .filter((name) => name !== "kube-root-ca.crt");
  }

  #user() {
    const user = this.world.users.get(hubUrl);
    if (user === undefined) throw new Error("there is no hub");
    return user;
  }

  #store() {
    const hub = this.world.servers.get(hubUrl);
    if (hub === undefined) throw new Error("there is no hub");
    return hub.cluster.store;
  }
}

function configMap(name: string): GitObject {
  return { kind: "ConfigMap", name, version: 1, wave: 0, hook: undefined, isBroken: false };
}

interface Settings {
  /** What goes wrong all the same. */
  readonly faults?: Partial<Faults>;
  readonly automated?: AppModel["automated"];
  /** Told of each write to the cluster when it has been carried out. */
  readonly onWrite?: (text: string, world: World) => void;
}

async function start({ automated, onWrite, faults: given = {} }: Settings = {}): Promise<Scenario> {
  const writes: string[] = [];
  const random = createRandom("scenario");
  const onRequest = (): Tap => (request) => {
    const isCluster = request.method !== "GET" && request.path.includes("/namespaces/shop/");
    const name = /[^/?]+(?=\?|$)/.exec(request.path)?.[0] ?? "";
    const text = `${request.method === "DELETE" ? "delete" : "apply"} ${name}`;
    return () => {
      if (!isCluster || request.path.includes("dryRun")) return;
      writes.push(text);
      onWrite?.(text, world);
    };
  };
  const calm = createFaults({ random, without: new Set() });
  calm.end();
  const faults = { ...calm, ...given };
  const world = await createWorld({
    clock: createVirtualClock(Date.UTC(2026, 0, 1)),
    random,
    faults,
    witness: {
      onStoreEvent: () => undefined,
      onRequest,
      onLog: () => undefined,
      onFailure: (what) => {
        throw new Error(what);
      },
    },
    repositoryCount: 1,
    hasTarget: false,
  });
  onTestFinished(() => world[Symbol.asyncDispose]());
  return new Scenario(world, writes, automated);
}

/** As if the machine lost power. */
function killAll(world: World): void {
  for (const controller of world.controllers.toReversed()) world.killController(controller);
}

/** Power fails when `extra` has just been applied for the first time. */
const crashing: Settings = {
  onWrite: (written, world) => {
    if (written === "apply extra" && world.controllers.length === 1) killAll(world);
  },
};

describe("what was applied right before a crash", () => {
  it("is pruned when the next commit no longer has it", async () => {
    const scenario = await start(crashing);
    await scenario.syncExtra();
    scenario.commit("kept");
    scenario.world.startController(false);
    await scenario.pass(60_000);
    await scenario.sync();
    expect(scenario.live()).toEqual(["kept"]);
  });

  it("is pruned even if the sync was terminated while no controller ran", async () => {
    const scenario = await start(crashing);
    await scenario.syncExtra();
    await scenario.patch({ status: { operationState: { phase: "Terminating" } } });
    scenario.commit("kept");
    scenario.world.startController(false);
    await scenario.pass(60_000);
    expect(scenario.status()?.operationState).toMatchObject({
      phase: "Failed",
      message: "Operation terminated",
    });
    await scenario.sync();
    expect(scenario.live()).toEqual(["kept"]);
  });
});

describe("an operation that a restart interrupts", () => {
  it("goes on with what the source is now, when that was changed meanwhile", async () => {
    const scenario = await start(crashing);
    await scenario.syncExtra();
    const { content } = scenario.app;
    const timeMs = scenario.world.clock.now();
    content.fork("main", "v2", timeMs);
    const to = new Map([["moved", configMap("moved")]]);
    const { id } = content.commit("v2", "apps/shop", { to, timeMs });
    await scenario.patch({ spec: { source: { targetRevision: "v2" } } });
    scenario.world.startController(false);
    await scenario.pass(60_000);
    expect(scenario.status()?.operationState).toMatchObject({
      phase: "Succeeded",
      syncResult: { revision: id },
    });
    expect(scenario.live()).toContain("moved");
  });

  it("goes on with the hook that it began, though a newer commit has another one of that name", async () => {
    const hook = (version: number): GitObject => ({
      kind: "Job",
      name: "migrate",
      version,
      wave: 0,
      hook: "PreSync",
      isBroken: false,
    });
    let isDone = false;
    const scenario = await start({
      onWrite: (written, world) => {
        if (written !== "apply migrate" || isDone) return;
        isDone = true;
        killAll(world);
      },
    });
    scenario.commit("kept");
    scenario.world.startController(false);
    await scenario.create();
    await scenario.sync();
    const begun = scenario.commitObjects([configMap("kept"), hook(1)]);
    await scenario.sync();
    scenario.commitObjects([configMap("kept"), hook(2)]);
    scenario.world.startController(false);
    await scenario.pass(120_000);
    expect(scenario.status()?.operationState).toMatchObject({
      phase: "Succeeded",
      syncResult: { revision: begun },
    });
  });

  it("waits for its retry as it has said, and then tries what is newest", async () => {
    const scenario = await start();
    scenario.commit("kept");
    scenario.world.startController(false);
    await scenario.create();
    // The API server refuses such a name.
    scenario.commit("kept", "bad_name");
    const retry = { limit: 1, backoff: { duration: "60s" } };
    await scenario.patch({ operation: { sync: { prune: true }, retry } });
    expect(scenario.status()?.operationState?.message).toContain("Retrying attempt #1");
    const mended = scenario.commit("kept", "good");
    scenario.restart();
    await scenario.pass(40_000);
    expect(scenario.status()?.operationState).toMatchObject({ phase: "Running" });
    await scenario.pass(60_000);
    expect(scenario.status()?.operationState).toMatchObject({
      phase: "Succeeded",
      retryCount: 1,
      syncResult: { revision: mended },
    });
  });
});

it("applies nothing for an application that is gone, though nobody has told it yet", async () => {
  const slowWatch = { end: undefined, afterMs: 0, delayMs: 20_000, repeats: 0 };
  const scenario = await start({ faults: { forWatch: () => slowWatch, delayMs: (most) => most } });
  scenario.commit("kept");
  scenario.world.startController(false);
  await scenario.create();
  await scenario.pass(25_000);
  await scenario.sync();
  await scenario.pass(10_000);
  await scenario.remove();
  await scenario.pass(120_000);
  expect(scenario.writes).toEqual([]);
  expect(scenario.live()).toEqual([]);
});

describe("an automated application", () => {
  const automated = { prune: true, selfHeal: true };

  it("does not go back behind a commit that somebody has just synced, though the repository was last asked before it", async () => {
    const scenario = await start({ automated });
    scenario.commit("a");
    scenario.world.startController(false);
    await scenario.create();
    expect(scenario.live()).toEqual(["a"]);
    const newer = scenario.commit("a", "b");
    scenario.commit("a", "b", "c");
    await scenario.sync({ revision: newer, prune: true });
    await scenario.pass(60_000);
    expect(scenario.live()).toEqual(["a", "b", "c"]);
    expect(scenario.writes).not.toContain("delete b");
  });

  it("sees a new commit in time though the clock was set back by an hour", async () => {
    const scenario = await start({ automated });
    scenario.commit("a");
    const controller = scenario.world.startController(false);
    await scenario.create();
    controller.clock.jump(-3_600_000);
    scenario.commit("a", "b");
    await scenario.pass(240_000);
    expect(scenario.live()).toEqual(["a", "b"]);
  });

  it("does not go back behind a commit that was synced in the same second", async () => {
    const scenario = await start({ automated });
    scenario.commit("a");
    scenario.world.startController(false);
    await scenario.create();
    await scenario.pass(1_000 - (scenario.world.clock.now() % 1_000));
    void scenario.patch({ metadata: { annotations: { "argocd.argoproj.io/refresh": "normal" } } });
    await scenario.pass(250);
    const revision = scenario.commit("a", "b");
    await scenario.sync({ revision, prune: true });
    await scenario.pass(60_000);
    expect(scenario.live()).toEqual(["a", "b"]);
    expect(scenario.writes).not.toContain("delete b");
  });

  it("ends an operation that says it is automated and names an old revision, instead of beginning it for ever", async () => {
    const scenario = await start({ automated });
    const old = scenario.commit("a");
    scenario.world.startController(false);
    await scenario.create();
    scenario.commit("a", "b");
    await scenario.patch({ metadata: { annotations: { "argocd.argoproj.io/refresh": "normal" } } });
    const sync = { revision: old, prune: true };
    await scenario.patch({ operation: { initiatedBy: { automated: true, username: "ada" }, sync } });
    await scenario.pass(60_000);
    expect(scenario.status()).toMatchObject({
      sync: { status: "Synced" },
      operationState: { phase: "Succeeded" },
    });
    expect(scenario.live()).toEqual(["a", "b"]);
  });
});
