import { Agent, get } from "node:https";
import type { EmbeddedCluster } from "#embedded/index.ts";
import { startEmbeddedCluster } from "#embedded/index.ts";
import type { KubeCluster } from "#kube/index.ts";
import { startCluster } from "#kube/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import type { ResourceType } from "#ports/cluster.ts";
import type { Figure, Note, Scenario } from "./lib/scenario.ts";
import { percentile, round, times } from "./lib/scenario.ts";

const objects = Number(process.env["BENCH_OBJECTS"] ?? 10_000);
const lists = 100;
const applies = 500;
const watchers = 500;
const changes = 20;
const namespace = "default";

export const scenarios: readonly Scenario[] = [
  {
    name: "embedded-list",
    what: `One list of ${objects} ConfigMaps of an embedded cluster until its last byte is there, 99th percentile of ${lists}`,
    against: "the target, 100 ms",
    goal: 1,
    limits:
      "Encrypting and sending some eight megabytes: the server joins texts that it has. Client and server share a thread here.",
    measure: measureLists,
  },
  {
    name: "embedded-apply",
    what: `One server-side apply that changes a Deployment of an embedded cluster with ${objects} objects, median of ${applies}`,
    against: "the target, 2 ms",
    goal: 1,
    limits:
      "HTTP/2 on both sides and the controllers, who write the Deployment's ReplicaSet after each apply: client, server and controllers share a thread here.",
    measure: measureApplies,
  },
  {
    name: "embedded-watch",
    what: `From a change until ${watchers} watchers of an embedded cluster know of it, median of ${changes}`,
    against: "the target, 1 s",
    goal: 1,
    limits: "Writing and reading one event as often as there are watchers, in one thread.",
    measure: measureWatches,
  },
];

interface Bed extends AsyncDisposable {
  readonly cluster: EmbeddedCluster;
  readonly client: KubeCluster;
  readonly typeOf: (group: string, kind: string) => Promise<ResourceType>;
}

const never = new AbortController().signal;

async function createBed(): Promise<Bed> {
  await using stack = new AsyncDisposableStack();
  const cluster = stack.use(
    await startEmbeddedCluster({
      onFailure: (error) => {
        throw error;
      },
      signal: never,
    }),
  );
  const client = stack.use(startCluster(cluster.connection, { keepFresh: false }));
  const typeOf = async (group: string, kind: string) => {
    const type = (await client.discover(never)).typeOf(group, kind);
    if (type === undefined) throw new Error(`${kind} is not served`);
    return type;
  };
  const configMaps = await typeOf("", "ConfigMap");
  const numbers = Array.from({ length: objects }, (_, i) => i);
  const lane = async () => {
    for (let number = numbers.pop(); number !== undefined; number = numbers.pop()) {
      await client.create(configMaps, configMap(`object-${number}`), {
        fieldManager: "bench",
        signal: never,
      });
    }
  };
  await Promise.all(Array.from({ length: 16 }, lane));
  const owned = stack.move();
  return { cluster, client, typeOf, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

function configMap(
  name: string,
  data: JsonObject = { key: "a value of some length".repeat(20) },
): KubeObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data };
}

async function measureLists(note: Note): Promise<Figure> {
  await using bed = await createBed();
  using agent = {
    agent: new Agent({ ca: bed.cluster.identity.ca, keepAlive: true }),
    [Symbol.dispose]: () => agent.agent.destroy(),
  };
  let bytes = 0;
  const list = async () => {
    bytes = await readList(bed.cluster, agent.agent);
  };
  await times(5, list);
  const taken = await times(lists, list);
  note(`${round(bytes / 2 ** 20)} MiB; median ${round(percentile(taken, 0.5))} ms`);
  const ms = percentile(taken, 0.99);
  return { value: ms, unit: "ms", ratio: 100 / ms };
}

/** Lists all at once; the size of the answer. */
async function readList({ url, identity }: EmbeddedCluster, agent: Agent): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const headers = { authorization: `Bearer ${identity.adminToken}` };
  get(`${url}/api/v1/namespaces/${namespace}/configmaps`, { agent, headers }, (response) => {
    let bytes = 0;
    response.on("data", (chunk: Buffer) => (bytes += chunk.length));
    response.once("end", () => resolve(bytes));
    response.once("error", reject);
  }).once("error", reject);
  return promise;
}

async function measureApplies(note: Note): Promise<Figure> {
  await using bed = await createBed();
  const type = await bed.typeOf("apps", "Deployment");
  let round_ = 0;
  const apply = async () => {
    round_ += 1;
    await bed.client.apply(type, deployment(round_), { fieldManager: "bench", force: true, signal: never });
  };
  await times(50, apply);
  const before = process.cpuUsage();
  const taken = await times(applies, apply);
  const { user, system } = process.cpuUsage(before);
  const cpuMs = (user + system) / 1000 / applies;
  note(
    `99th percentile ${round(percentile(taken, 0.99))} ms; ${round(cpuMs)} ms of processor time each, the client's included`,
  );
  const ms = percentile(taken, 0.5);
  return { value: ms, unit: "ms", ratio: 2 / ms };
}

function deployment(number: number): KubeObject {
  const labels = { app: "bench" };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "bench", namespace, annotations: { number: String(number) } },
    spec: {
      replicas: 0,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "main", image: "bench:1" }] } },
    },
  };
}

async function measureWatches(note: Note): Promise<Figure> {
  await using bed = await createBed();
  const type = await bed.typeOf("", "ConfigMap");
  const stop = new AbortController();
  let told = 0;
  let everyoneKnows = Promise.withResolvers<undefined>();
  const synced = Array.from({ length: watchers }, () => Promise.withResolvers<undefined>());
  const watching = synced.map(async (one) => {
    const selection = { namespace, fieldSelector: "metadata.name=object-1", signal: stop.signal };
    for await (const event of bed.client.watch(type, selection)) {
      if (event.type === "synced") one.resolve(undefined);
      if (event.type !== "applied" || event.object["data"] === undefined) continue;
      told += 1;
      if (told === watchers) everyoneKnows.resolve(undefined);
    }
  });
  await Promise.all(synced.map(({ promise }) => promise));
  const taken: number[] = [];
  for (let change = 0; change < changes; change += 1) {
    told = 0;
    everyoneKnows = Promise.withResolvers();
    const startedAt = performance.now();
    const options = { fieldManager: "bench", force: true, signal: never };
    await bed.client.apply(type, configMap("object-1", { change: String(change) }), options);
    await everyoneKnows.promise;
    taken.push(performance.now() - startedAt);
  }
  stop.abort();
  await Promise.allSettled(watching);
  note(`worst ${round(Math.max(...taken))} ms`);
  const ms = percentile(taken, 0.5);
  return { value: ms, unit: "ms", ratio: 1000 / ms };
}
