import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { gvkOf, viewObject } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { mapLimit } from "#runtime/limit.ts";
import { auditMark } from "#test/control-plane/audit.ts";
import type { Bed } from "./lib/bed.ts";
import { createBed } from "./lib/bed.ts";
import { formatCpu, readCpu } from "./lib/cpu.ts";
import { appName, createApplications, createFleet, fourQuietObjects, isSynced } from "./lib/fleet.ts";
import type { Figure, Note, Scenario } from "./lib/scenario.ts";
import { round } from "./lib/scenario.ts";
import { watchApplications } from "./lib/wait.ts";

/** The controller's own: ten operations at a time, each with all of its four objects in flight. */
const operations = 10;
const objectsPerApp = 4;

export const scenarios: readonly Scenario[] = [100, 500, 1000].map((count) => ({
  name: `first-sync-${count}`,
  what: `Objects a second in the first sync of ${count} applications with ${objectsPerApp} objects each, from the moment the controller has read its hub to the last Application's status`,
  against:
    "a bare loop of the same applies with the same transport and concurrency. The ratio to a loop that also writes each Application's status once, which is what must be done at least, is among the details",
  goal: 0.8,
  limits:
    "The API server, which shares the machine with the controller: of the processor time it takes three fifths, the controller three tenths. The controller sends six requests for each application: four applies, the record of the operation before it starts, so that a crash loses nothing, and its result; one status costs the API server two thirds of what four applies of small objects cost. Of the controller's own time none stands out: sending requests, reading answers and watch events, placing and comparing objects take a similar share each. A status as Argo CD shapes it cannot be had for less, so 0.8 is out of reach while the loop compared with writes none.",
  measure: (note) => measure(count, note),
}));

async function measure(count: number, note: Note): Promise<Figure> {
  await using bed = await createBed();
  await bed.createNamespaces("bare", "bare-status", "fleet");
  const objects = count * objectsPerApp;
  const bareSeconds = await bareLoop(bed, { count, namespace: "bare" });
  const { seconds, status } = await byController(bed, { count, note });
  await createApplications(bed, { count, hub: "bare-status" });
  const fullSeconds = await bareLoop(bed, { count, namespace: "bare-status", status });
  note(
    `bare loop: ${round(objects / bareSeconds)} objects/s; with a status for each application ${round(objects / fullSeconds)}, to which the ratio is ${(fullSeconds / seconds).toFixed(2)}`,
  );
  return { value: objects / seconds, unit: "objects/s", ratio: bareSeconds / seconds };
}

async function byController(bed: Bed, { count, note }: { readonly count: number; readonly note: Note }) {
  const { directory, auditLogPath } = bed.controlPlane;
  await createFleet(bed, { count, namespace: "fleet", objects: fourQuietObjects });
  await using apps = await watchApplications(bed);
  const mark = await auditMark(auditLogPath);
  const cpuBefore = await readCpu(directory);
  await using controller = await bed.startController();
  const seconds = ((await apps.until(count, (app) => isSynced(app))) - controller.readyAt) / 1000;
  const { cpuSeconds, mainCpuSeconds, rssMiB } = await controller.usage();
  const cluster = formatCpu(cpuBefore, await readCpu(directory));
  const requests = await bed.requestsSince(mark);
  note(
    `controller: ${round(cpuSeconds)} CPU s (main thread ${round(mainCpuSeconds)}), ${round(rssMiB)} MiB resident; meanwhile ${cluster} CPU s`,
  );
  note(`requests for each application: ${round(requests.length / count)}`);
  return { seconds, status: viewObject(apps.objects.get(appName(0)), "status") };
}

interface BareLoop {
  readonly count: number;
  /** Of the objects, and of the Applications when statuses are written. */
  readonly namespace: string;
  readonly status?: JsonObject;
}

async function bareLoop(bed: Bed, { count, namespace, status }: BareLoop): Promise<number> {
  const { cluster, signal } = bed;
  const discovery = await cluster.discover(signal);
  const apply = async (object: KubeObject) => {
    const { group, kind, version } = gvkOf(object);
    const type = discovery.typeOf(group, kind, version);
    if (type === undefined) throw new Error(`${kind}: is not served`);
    const metadata = { ...object.metadata, namespace };
    await cluster.apply(type, { ...object, metadata }, { fieldManager: "bare", force: true, signal });
  };
  const names = Array.from({ length: count }, (_, index) => appName(index));
  const startedAt = performance.now();
  await mapLimit(names, operations, async (name) => {
    await Promise.all(fourQuietObjects(name).map((object) => apply(object)));
    if (status === undefined) return;
    const ref = { type: hubTypes.application, namespace, name };
    await cluster.mergePatch(ref, { status }, { fieldManager: "bare", signal });
  });
  return (performance.now() - startedAt) / 1000;
}
