import type { KubeObject } from "#core/object/index.ts";
import { gvkOf, viewNumber } from "#core/object/index.ts";
import { mapLimit } from "#runtime/limit.ts";
import { auditMark } from "#test/control-plane/audit.ts";
import type { Bed } from "./lib/bed.ts";
import { createBed, formatRequests } from "./lib/bed.ts";
import { formatCpu, readCpu } from "./lib/cpu.ts";
import { appName, createFleet, fourObjects, isSynced } from "./lib/fleet.ts";
import type { Figure, Note, Scenario } from "./lib/scenario.ts";
import { round } from "./lib/scenario.ts";
import { watchApplications, watchKind } from "./lib/wait.ts";

/** The controller's own: ten operations at a time, each with all of its four objects in flight. */
const operations = 10;
const objectsPerApp = 4;

export const scenarios: readonly Scenario[] = [100, 300, 500, 1000].map((count) => ({
  name: `first-sync-${count}`,
  what: `Objects a second in the first sync of ${count} applications with ${objectsPerApp} objects each, from the controller's start to the last status`,
  against: "a bare loop of server-side applies of the same objects with the same transport and concurrency",
  goal: 0.8,
  limits: "The API server and etcd, which share the machine with the controller.",
  measure: (note) => measure(count, note),
}));

async function measure(count: number, note: Note): Promise<Figure> {
  await using bed = await createBed();
  await bed.createNamespaces("bare", "fleet");
  const objects = count * objectsPerApp;
  const { directory } = bed.controlPlane;
  const cpuAtFirst = await readCpu(directory);
  const bareSeconds = await bareLoop(bed, count);
  const cpuOfBare = formatCpu(cpuAtFirst, await readCpu(directory));
  note(`bare loop: ${round(objects / bareSeconds)} objects/s (CPU s: ${cpuOfBare})`);
  await settled(bed, count);
  await createFleet(bed, { count, namespace: "fleet" });
  await using apps = await watchApplications(bed);
  const mark = await auditMark(bed.controlPlane.auditLogPath);
  const cpuBefore = await readCpu(directory);
  await using controller = await bed.startController();
  const seconds = ((await apps.until(count, (app) => isSynced(app))) - controller.readyAt) / 1000;
  note(`the same by the controller (CPU s: ${formatCpu(cpuBefore, await readCpu(directory))})`);
  const { cpuSeconds, mainCpuSeconds, rssMiB } = await controller.usage();
  const requests = await bed.requestsSince(mark);
  note(
    `controller: ${round(cpuSeconds)} CPU s (main thread ${round(mainCpuSeconds)}), ${round(rssMiB)} MiB resident`,
  );
  note(`requests for each application: ${round(requests.length / count)} (${formatRequests(requests)})`);
  return { value: objects / seconds, unit: "objects/s", ratio: bareSeconds / seconds };
}

/** The controller manager is behind: its work on the bare loop's objects must not fall into what is measured next. */
async function settled(bed: Bed, count: number): Promise<void> {
  await using deployments = await watchKind(bed, { group: "apps", kind: "Deployment", namespace: "bare" });
  await deployments.until(count, (one) => viewNumber(one, "status", "observedGeneration") === 1);
}

async function bareLoop(bed: Bed, count: number): Promise<number> {
  const { cluster, signal } = bed;
  const discovery = await cluster.discover(signal);
  const apply = async (object: KubeObject) => {
    const { group, kind, version } = gvkOf(object);
    const type = discovery.typeOf(group, kind, version);
    if (type === undefined) throw new Error(`${kind}: is not served`);
    const metadata = { ...object.metadata, namespace: "bare" };
    await cluster.apply(type, { ...object, metadata }, { fieldManager: "bare", force: true, signal });
  };
  const startedAt = performance.now();
  const apps = Array.from({ length: count }, (_, index) => fourObjects(appName(index)));
  await mapLimit(apps, operations, async (objects) => {
    await Promise.all(objects.map((object) => apply(object)));
  });
  return (performance.now() - startedAt) / 1000;
}
