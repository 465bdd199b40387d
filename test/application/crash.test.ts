import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect } from "vitest";
import type { KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import { auditMark, readAuditLog } from "../control-plane/fixture.ts";
import { argo, callApi, configMap, job, newHub, plainIt as it, type TestApplication } from "./fixture.ts";

const crashes = Number(process.env["MOORING_CRASHES"] ?? "15");
const seed = Number(process.env["MOORING_SEED"] ?? "20261123");
/** A revision lives for so many crashes: some are superseded in the middle, some are finished by a later start. */
const crashesPerCommit = 3;

/** Mulberry32: small and the same everywhere. */
function randomFrom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const wave = (number: number) => ({ annotations: argo({ "sync-wave": String(number) }) });

/** Objects in three waves that say which revision they are of; every second revision drops one of them. */
function filesOf(round: number) {
  const data = { round: String(round) };
  return {
    "a.yaml": [configMap("a", data), configMap("b", data, wave(1)), configMap("c", data, wave(2))],
    ...(round % 2 === 0 ? { "d.yaml": configMap("d", data) } : {}),
  };
}

const hooks = [
  job("", "sleep 1", { generateName: "hook-", annotations: argo({ hook: "PreSync" }) }),
  job("fixed", "sleep 1", { annotations: argo({ hook: "PreSync" }) }),
];

async function contentOf(app: TestApplication): Promise<Readonly<Record<string, unknown>>> {
  const entries = await Promise.all(
    ["a", "b", "c", "d"].map(
      async (name) => [name, (await app.live(`configmaps/${name}`))?.["data"]] as const,
    ),
  );
  return Object.fromEntries(entries);
}

/** Runs of the hook that were alive at the same time as another one. */
function overlapping(jobs: readonly KubeObject[]): readonly string[] {
  const runs = jobs
    .filter(({ metadata }) => metadata.name !== "fixed")
    .map((one) => ({
      name: one.metadata.name ?? "",
      from: Date.parse(one.metadata.creationTimestamp ?? ""),
      to: Date.parse(viewString(one, "status", "completionTime") ?? "9999-01-01T00:00:00Z"),
    }))
    .toSorted((a, b) => a.from - b.from);
  return runs.flatMap((run, i) => {
    const next = runs[i + 1];
    return next !== undefined && next.from < run.to ? [`${run.name} and ${next.name}`] : [];
  });
}

describe("a controller that is killed in the middle of its work", () => {
  it("leaves nothing that the next one does not bring to its end, once", async ({ onTestFinished }) => {
    const hub = await newHub({ onTestFinished });
    const mark = await auditMark(hub.access.auditLogPath);
    const random = randomFrom(seed);
    const policy = { automated: { prune: true, selfHeal: true }, files: filesOf(0) };
    const [hooked, ...plain] = await Promise.all([
      hub.app("hooked", { ...policy, files: { ...policy.files, "hook.yaml": hooks } }),
      hub.app("plain", policy),
      hub.app("other", policy),
    ]);
    let round = 0;
    for (let crash = 0; crash < crashes; crash += 1) {
      if (crash % crashesPerCommit === 0) {
        round += 1;
        const files = filesOf(round);
        await hooked.commit({ ...files, "hook.yaml": hooks });
        await Promise.all(plain.map((app) => app.commit(files)));
      }
      const controller = hub.startProcess();
      await controller.ready;
      await sleep(Math.floor(random() * 400));
      await controller.kill();
    }
    await hub.start();
    const apps = [hooked, ...plain];
    await Promise.all(apps.map((app) => app.synced()));
    const data = { round: String(round) };
    const content = { a: data, b: data, c: data, d: round % 2 === 0 ? data : undefined };
    for (const app of apps) {
      const { history = [], operationState } = await app.status();
      const revisions = history.map(({ revision }) => revision);
      const head = await app.repository.git("rev-parse", "main");
      expect({
        app: app.name,
        content: await contentOf(app),
        twice: revisions.filter((revision, i) => revisions.indexOf(revision) !== i),
        last: revisions.at(-1),
        phase: operationState?.phase,
      }).toEqual({ app: app.name, content, twice: [], last: head, phase: "Succeeded" });
    }
    const path = `/apis/batch/v1/namespaces/${hooked.namespace}/jobs`;
    const { items } = await callApi<{ items: KubeObject[] }>(hub.access, { path });
    expect(overlapping(items)).toEqual([]);
    const runs = items.flatMap(
      ({ metadata }) => /^hook-([0-9a-f]{7})-/u.exec(metadata.name ?? "")?.[1] ?? [],
    );
    expect(runs.filter((revision, i) => runs.indexOf(revision) !== i)).toEqual([]);
    const { entries } = await readAuditLog(hub.access.auditLogPath, mark);
    const created = entries.filter(
      ({ namespace, name, status }) => namespace === hooked.namespace && name === "fixed" && status === 201,
    );
    expect(created.length).toBeLessThanOrEqual(round + 1);
  }, 300_000);
});
