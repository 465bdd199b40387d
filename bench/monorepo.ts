import { setTimeout as sleep } from "node:timers/promises";
import { hubTypes } from "#engine/hub-types.ts";
import type { KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import { auditMark } from "#test/control-plane/audit.ts";
import { createBed, formatRequests, hubNamespace } from "./lib/bed.ts";
import { createFleet, isHealthy, isSynced } from "./lib/fleet.ts";
import type { Figure, Note, Scenario } from "./lib/scenario.ts";
import { round } from "./lib/scenario.ts";
import type { Controller } from "./lib/controller.ts";
import { type Watched, watchApplications, watchKind } from "./lib/wait.ts";

const targetMs = 1000;
const settleSeconds = 10;

export const scenarios: readonly Scenario[] = [1000, 5000].map((count) => ({
  name: `monorepo-${count}`,
  what: `From a webhook's word of a commit that touches one of ${count} applications of a repository until that one is applied and the others are known to stand as they are`,
  against: "the target, 1 s",
  goal: 1,
  limits:
    "A look at each application on the controller's main thread: its place in the new tree, the desired state that stands, the comparison that stands. Their statuses follow at 50 a second, one for however many commits came meanwhile, so that the API server has time for others; until then they name the earlier commit.",
  measure: (note) => measure(count, note),
}));

async function measure(count: number, note: Note): Promise<Figure> {
  await using bed = await createBed();
  await bed.createNamespaces("fleet");
  const fleet = await createFleet(bed, {
    count,
    namespace: "fleet",
    objects: (name) => [greeting(name, "hello")],
  });
  await using apps = await watchApplications(bed);
  await using maps = await watchKind(bed, { group: "", kind: "ConfigMap", namespace: "fleet" });
  await using controller = await bed.startController();
  await apps.until(count, isHealthy);
  await sleep(settleSeconds * 1000);
  const before = await controller.usage();
  const mark = await auditMark(bed.controlPlane.auditLogPath);
  const [name = ""] = fleet.names;
  const commit = await fleet.commit(name, [greeting(name, "changed")]);
  const toldAt = performance.now();
  await bed.cluster.mergePatch(
    { type: hubTypes.application, namespace: hubNamespace, name },
    { metadata: { annotations: { "argocd.argoproj.io/refresh": "normal" } } },
    { fieldManager: "webhook", signal: bed.signal },
  );
  const appliedAt = await maps.untilOne(name, (map) => viewString(map, "data", "text") === "changed");
  const standAt = await untilStanding(controller, { count, told: () => countAt(apps, commit) });
  const known = await controller.usage();
  note(`until then ${round(known.cpuSeconds - before.cpuSeconds)} CPU s of the controller`);
  const writtenAt = await apps.until(count, (app) => isSynced(app, commit));
  const after = await controller.usage();
  const requests = await bed.requestsSince(mark);
  note(`the touched application applied after ${round(appliedAt - toldAt)} ms`);
  note(
    `renders: ${after.renders - before.renders}, controller: ${round(after.cpuSeconds - before.cpuSeconds)} CPU s`,
  );
  note(`requests: ${formatRequests(requests)}`);
  note(`every status says so after ${round((writtenAt - toldAt) / 1000)} s`);
  const ms = Math.max(standAt, appliedAt) - toldAt;
  return { value: ms, unit: "ms", ratio: targetMs / ms };
}

function countAt({ objects }: Watched, commit: string): number {
  return [...objects.values()].filter((app) => isSynced(app, commit)).length;
}

const askEveryMs = 20;

/** Every application is known to stand when its status says so, or waits to be written. */
async function untilStanding(
  controller: Controller,
  { count, told }: { readonly count: number; readonly told: () => number },
): Promise<number> {
  while (told() + (await controller.standing()) < count) await sleep(askEveryMs);
  return performance.now();
}

function greeting(name: string, text: string): KubeObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data: { text } };
}
