import { setTimeout as sleep } from "node:timers/promises";
import { viewString } from "#core/object/index.ts";
import { createBed } from "./lib/bed.ts";
import { createFleet, isHealthy } from "./lib/fleet.ts";
import type { Figure, Note, Scenario } from "./lib/scenario.ts";
import { percentile, round } from "./lib/scenario.ts";
import { watchApplications, watchKind } from "./lib/wait.ts";

/** One change by hand for each application: a second one in a row would be held back on purpose. */
const count = Number(process.env["BENCH_APPS"] ?? 200);
const targetMs = 1000;
const pauseMs = 100;

export const scenarios: readonly Scenario[] = [
  {
    name: "drift",
    what: `From a change by hand of one object to its undoing, 99th percentile of ${count} changes, one at a time`,
    against: "the target, 1 s",
    goal: 1,
    limits:
      "Three requests to the API server, one after the other: a dry run that confirms the difference, the record of the operation in the Application, and the apply.",
    measure,
  },
];

async function measure(note: Note): Promise<Figure> {
  await using bed = await createBed();
  await bed.createNamespaces("fleet");
  const { names } = await createFleet(bed, { count, namespace: "fleet", selfHeal: true });
  await using apps = await watchApplications(bed);
  await using maps = await watchKind(bed, { group: "", kind: "ConfigMap", namespace: "fleet" });
  await using _controller = await bed.startController();
  await apps.until(count, isHealthy);
  const type = (await bed.cluster.discover(bed.signal)).typeOf("", "ConfigMap");
  if (type === undefined) throw new Error("ConfigMap: is not served");
  const undone: number[] = [];
  const noticed: number[] = [];
  for (const name of names) {
    const greeting = (text: string) => maps.untilOne(name, (map) => textOf(map) === text);
    await bed.cluster.mergePatch(
      { type, namespace: "fleet", name },
      { data: { "greeting.txt": "changed by hand" } },
      { fieldManager: "somebody", signal: bed.signal },
    );
    const changedAt = performance.now();
    await greeting("changed by hand");
    noticed.push(performance.now() - changedAt);
    undone.push((await greeting("hello")) - changedAt);
    await sleep(pauseMs);
  }
  const p99 = percentile(undone, 0.99);
  note(`median ${round(percentile(undone, 0.5))} ms, worst ${round(percentile(undone, 1))} ms`);
  note(`of that until a watch told: median ${round(percentile(noticed, 0.5))} ms`);
  return { value: p99, unit: "ms", ratio: targetMs / p99 };
}

function textOf(map: Parameters<typeof viewString>[0]): string | undefined {
  return viewString(map, "data", "greeting.txt");
}
