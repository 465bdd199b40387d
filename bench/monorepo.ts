import { setTimeout as sleep } from "node:timers/promises";
import { hubTypes } from "#engine/hub-types.ts";
import type { KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import { auditMark } from "#test/control-plane/audit.ts";
import { createBed, formatRequests, hubNamespace } from "./lib/bed.ts";
import { createFleet, isHealthy, isSynced } from "./lib/fleet.ts";
import type { Figure, Note, Scenario } from "./lib/scenario.ts";
import { round } from "./lib/scenario.ts";
import { watchApplications, watchKind } from "./lib/wait.ts";

const targetMs = 1000;
const settleSeconds = 10;

export const scenarios: readonly Scenario[] = [1000, 5000].map((count) => ({
  name: `monorepo-${count}`,
  what: `From a webhook's word of a commit that touches one of ${count} applications of a repository until every one of them says that it is at that commit`,
  against: "the target, 1 s",
  goal: 1,
  limits:
    "One write of each application's status, because it names the commit that the application was compared with, as Argo CD's does: about 5 ms of the API server each. To know that the others stand is the smaller part: one render, and of the controller's processor time about 1.3 ms for each application, its write included. The touched application is applied long before the last status is written.",
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
  const knownAt = await apps.until(count, (app) => isSynced(app, commit));
  const after = await controller.usage();
  const requests = await bed.requestsSince(mark);
  note(`the touched application applied after ${round(appliedAt - toldAt)} ms`);
  note(
    `renders: ${after.renders - before.renders}, controller: ${round(after.cpuSeconds - before.cpuSeconds)} CPU s`,
  );
  note(`requests: ${formatRequests(requests)}`);
  const ms = knownAt - toldAt;
  return { value: ms, unit: "ms", ratio: targetMs / ms };
}

function greeting(name: string, text: string): KubeObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data: { text } };
}
