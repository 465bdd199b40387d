import { execFile } from "node:child_process";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { hubTypes } from "#engine/hub-types.ts";
import type { KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import type { ResourceType } from "#ports/cluster.ts";
import type { Bed } from "./lib/bed.ts";
import { createBed, hubNamespace } from "./lib/bed.ts";
import type { Fleet } from "./lib/fleet.ts";
import { createFleet, fourObjects, isHealthy } from "./lib/fleet.ts";
import type { Figure, Note, Scenario } from "./lib/scenario.ts";
import { percentile, round } from "./lib/scenario.ts";
import { type Watched, watchApplications, watchKind } from "./lib/wait.ts";

const run = promisify(execFile);
const rounds = Number(process.env["BENCH_ROUNDS"] ?? 40);
const targetMs = 300;
const pauseMs = 300;

export const scenarios: readonly Scenario[] = [
  {
    name: "commit",
    what: "From a webhook's word of a commit to the object in the cluster, median, beyond what git and the API server need",
    against: "the target, 300 ms beyond git ls-remote, git fetch and one apply",
    goal: 1,
    limits:
      "Starting git twice (ls-remote, fetch), which both sides do; then the same three requests to the API server as for drift, and the hand-over to a render thread.",
    measure,
  },
];

async function measure(note: Note): Promise<Figure> {
  await using bed = await createBed();
  await bed.createNamespaces("fleet");
  const fleet = await createFleet(bed, { count: 1, namespace: "fleet" });
  await using apps = await watchApplications(bed);
  await using maps = await watchKind(bed, { group: "", kind: "ConfigMap", namespace: "fleet" });
  await using _controller = await bed.startController();
  await apps.until(1, isHealthy);
  const ours: number[] = [];
  const bare: number[] = [];
  const clone = await cloneOf(fleet, bed);
  for (let round = 0; round < rounds; round++) {
    ours.push(await commitOnce(fleet, { bed, maps, text: `round ${round}` }));
    await apps.until(1, isHealthy);
    await sleep(pauseMs);
    bare.push(await bareOnce(clone, { bed, text: `round ${round}`, directory: fleet.repository.directory }));
  }
  const median = percentile(ours, 0.5);
  const floor = percentile(bare, 0.5);
  note(`whole way: median ${round(median)} ms, 99th percentile ${round(percentile(ours, 0.99))} ms`);
  note(`git ls-remote, git fetch and one apply, one after the other: median ${round(floor)} ms`);
  const beyond = Math.max(1, median - floor);
  return { value: beyond, unit: "ms", ratio: targetMs / beyond };
}

interface Round {
  readonly bed: Bed;
  readonly text: string;
}

async function commitOnce(
  fleet: Fleet,
  { bed, maps, text }: Round & { readonly maps: Watched },
): Promise<number> {
  const [name = ""] = fleet.names;
  await fleet.commit(name, fourObjects(name, text));
  const toldAt = performance.now();
  await bed.cluster.mergePatch(
    { type: hubTypes.application, namespace: hubNamespace, name },
    { metadata: { annotations: { "argocd.argoproj.io/refresh": "normal" } } },
    { fieldManager: "webhook", signal: bed.signal },
  );
  const there = await maps.untilOne(name, (map) => viewString(map, "data", "greeting.txt") === text);
  return there - toldAt;
}

/** A mirror that lacks the last commit each time, as the controller's did. */
async function cloneOf({ repository }: Fleet, bed: Bed): Promise<string> {
  const directory = path.join(bed.directory, "bare.git");
  await run("git", ["clone", "--quiet", "--mirror", repository.url, directory]);
  return directory;
}

async function bareOnce(
  clone: string,
  { bed, text, directory }: Round & { readonly directory: string },
): Promise<number> {
  const type = configMaps;
  const startedAt = performance.now();
  await run("git", ["ls-remote", `file://${directory}`]);
  await run("git", ["-C", clone, "fetch", "--quiet", `file://${directory}`, "+main:main"]);
  const object: KubeObject = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "bare", namespace: "fleet" },
    data: { "greeting.txt": text },
  };
  await bed.cluster.apply(type, object, { fieldManager: "bare", force: true, signal: bed.signal });
  return performance.now() - startedAt;
}

const configMaps: ResourceType = {
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  namespaced: true,
  verbs: [],
  shortNames: [],
};
