import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect } from "vitest";
import { startControlPlane } from "../control-plane/fixture.ts";
import type { ControlPlane } from "../control-plane/start.ts";
import { createRepository, type TestRepository } from "../git-servers/repository.ts";
import { formatFiles } from "./application.ts";
import {
  configMap,
  createApplication,
  deployment,
  eventually,
  createHub,
  showLogOnFailure,
  plainIt as it,
  type TestApplication,
  type TestHub,
} from "./fixture.ts";

const fleetSize = 100;
const observedMs = 10_000;

interface Fleet extends AsyncDisposable {
  readonly hub: TestHub;
  readonly repository: TestRepository;
  readonly apps: readonly TestApplication[];
  commit(version: string): Promise<void>;
}

/** Applications that share one repository and one namespace, each with a directory of its own. */
async function startFleet(
  controlPlane: ControlPlane,
  size: number,
  settings: Parameters<TestHub["start"]>[0] = {},
): Promise<Fleet> {
  const hub = await createHub(controlPlane.access);
  showLogOnFailure(hub);
  const repository = await createRepository(join(hub.directory, "fleet.git"));
  const commit = async (version: string) => {
    const files = Array.from({ length: size }, (_, i) => [
      `app${i}/all.yaml`,
      [configMap(`app${i}`, { version }), ...(i % 10 === 0 ? [deployment(`app${i}`)] : [])],
    ]);
    await repository.commit(formatFiles(Object.fromEntries(files) as Parameters<typeof formatFiles>[0]));
  };
  await commit("1");
  await hub.start(settings);
  const { name: namespace } = await controlPlane.createNamespace("fleet");
  const apps = await Promise.all(
    Array.from({ length: size }, (_, i) =>
      createApplication(hub, `fleet${i}`, {
        automated: { prune: true, selfHeal: true },
        namespace,
        repository,
        source: { path: `app${i}` },
      }),
    ),
  );
  return { hub, repository, apps, commit, [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose]() };
}

/** What the controller asked the API server since a mark, watches and leases left out. */
async function requestsSince(controlPlane: ControlPlane, mark: number): Promise<readonly string[]> {
  const { entries } = await controlPlane.auditEntries(mark);
  return entries
    .filter(({ userAgent, verb, resource }) => {
      return userAgent.startsWith("mooring") && verb !== "watch" && resource !== "leases";
    })
    .map(({ verb, requestUri }) => `${verb} ${requestUri}`);
}

async function requestsWhile(controlPlane: ControlPlane, ms: number): Promise<readonly string[]> {
  const mark = await controlPlane.auditMark();
  await sleep(ms);
  return requestsSince(controlPlane, mark);
}

describe("a fleet of applications", () => {
  it("at rest costs no request but watches and the lease, however often it is looked at", async () => {
    await using controlPlane = await startControlPlane();
    await using fleet = await startFleet(controlPlane, fleetSize);
    const { hub, apps } = fleet;
    await Promise.all(apps.map((app) => app.synced()));
    await eventually(async () => expect(await requestsWhile(controlPlane, 2_000)).toEqual([]));
    expect(await requestsWhile(controlPlane, observedMs)).toEqual([]);
    await hub.create({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "argocd-cm", labels: { "app.kubernetes.io/part-of": "argocd" } },
      data: { "timeout.reconciliation": "3s", "timeout.reconciliation.jitter": "0s" },
    });
    expect(await requestsWhile(controlPlane, observedMs)).toEqual([]);
    // Nobody asks for it: the short resync is what finds the commit.
    await fleet.commit("2");
    await Promise.all(apps.slice(0, 5).map((app) => app.synced()));
  });

  it("is told of a commit that does not touch it slowly, and once for several commits", async () => {
    await using controlPlane = await startControlPlane();
    const size = 40;
    await using fleet = await startFleet(controlPlane, size, { revisionWritesPerSecond: 2 });
    const { repository, apps } = fleet;
    const [touched] = apps;
    if (touched === undefined) throw new Error("the fleet is empty");
    await Promise.all(apps.map((app) => app.synced()));
    const mark = await controlPlane.auditMark();
    for (const version of ["2", "3", "4"]) {
      await repository.change(formatFiles({ "app0/all.yaml": configMap("app0", { version }) }));
      await touched.refresh();
      await touched.waitFor(async () =>
        expect((await touched.live("configmaps/app0"))?.["data"]).toEqual({ version }),
      );
    }
    await Promise.all(apps.map((app) => app.synced()));
    const writes = (await requestsSince(controlPlane, mark)).filter(
      (request) => request.includes("/applications/") && !request.includes(`/${touched.name}?`),
    );
    // A write for each of the three commits would be three times as many.
    expect(writes.length).toBeGreaterThanOrEqual(size - 1);
    expect(writes.length).toBeLessThan(2 * (size - 1));
  });

  it("converges and is healed after the API server went away in the middle of it", async () => {
    await using controlPlane = await startControlPlane();
    await using fleet = await startFleet(controlPlane, 30);
    const { repository, apps } = fleet;
    await eventually(async () => expect((await apps[0]?.status())?.sync?.status).toBe("Synced"));
    await controlPlane.restartApiServer();
    await eventually(async () => Promise.all(apps.map((app) => app.synced())), { timeoutMs: 60_000 });
    await fleet.commit("2");
    await apps[0]?.refresh();
    await controlPlane.restartApiServer({ signal: "SIGKILL" });
    await eventually(async () => Promise.all(apps.map((app) => app.synced())), { timeoutMs: 60_000 });
    const revision = await repository.git("rev-parse", "main");
    for (const app of apps) {
      const { history = [], operationState } = await app.status();
      expect([app.name, history.at(-1)?.revision, operationState?.phase]).toEqual([
        app.name,
        revision,
        "Succeeded",
      ]);
    }
    await apps[3]?.patchLive("configmaps/app3", { data: { version: "by hand" } });
    await eventually(async () =>
      expect((await apps[3]?.live("configmaps/app3"))?.["data"]).toEqual({ version: "2" }),
    );
  });
});
