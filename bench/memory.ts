import { setTimeout as sleep } from "node:timers/promises";
import type { KubeObject } from "#core/object/index.ts";
import { createBed } from "./lib/bed.ts";
import { createFleet, isHealthy } from "./lib/fleet.ts";
import type { Figure, Note, Scenario } from "./lib/scenario.ts";
import { round } from "./lib/scenario.ts";
import { watchApplications } from "./lib/wait.ts";

const managed = Number(process.env["BENCH_MANAGED"] ?? 10_000);
const unmanaged = Number(process.env["BENCH_UNMANAGED"] ?? 100_000);
const objectsPerApp = 20;
/** What a ConfigMap of some other program holds. */
const unmanagedBytes = 1024;
const targetMiB = 500;
const settleSeconds = 20;
const batch = 5000;

export const scenarios: readonly Scenario[] = [
  {
    name: "memory",
    what: `Resident memory of the controller with ${managed} managed objects and ${unmanaged} of the same kind that are not its own`,
    against: `the target, ${targetMiB} MiB`,
    goal: 1,
    limits:
      "Not what is known: heap and buffers in use are a fifth of it. About 150 MiB are Node itself with its render threads; the rest is heap that V8 took while it parsed the first lists and the load of the first sync, and keeps. Objects that are nobody's cost an index entry each.",
    measure,
  },
];

async function measure(note: Note): Promise<Figure> {
  await using bed = await createBed();
  await bed.createNamespaces("fleet", "others");
  for (let from = 0; from < unmanaged; from += batch) {
    const count = Math.min(batch, unmanaged - from);
    await bed.create(Array.from({ length: count }, (_, index) => other(from + index)));
  }
  const count = Math.ceil(managed / objectsPerApp);
  await createFleet(bed, { count, namespace: "fleet", objects: configMaps });
  await using apps = await watchApplications(bed);
  await using controller = await bed.startController();
  await apps.until(count, isHealthy);
  await sleep(settleSeconds * 1000);
  const { rssMiB, heapMiB, externalMiB, cpuSeconds } = await controller.usage();
  note(
    `heap ${round(heapMiB)} MiB, outside of it ${round(externalMiB)} MiB, ${round(cpuSeconds)} CPU s so far`,
  );
  return { value: rssMiB, unit: "MiB", ratio: targetMiB / rssMiB };
}

function other(index: number): KubeObject {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: `other-${index}`, namespace: "others", labels: { owner: "somebody" } },
    data: { text: "x".repeat(unmanagedBytes) },
  };
}

function configMaps(name: string): readonly KubeObject[] {
  return Array.from({ length: objectsPerApp }, (_, index) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: `${name}-${index}`, labels: { app: name } },
    data: { "greeting.txt": "hello", "settings.yaml": "level: info\n".repeat(40) },
  }));
}
