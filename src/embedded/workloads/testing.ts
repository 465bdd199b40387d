import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import { startCollectors } from "../collect/start-collectors.ts";
import { observeStore } from "../collect/observed-store.ts";
import { createCatalogFactory } from "../kinds/catalog.ts";
import { openRecordedDocuments } from "../recorded/documents.ts";
import { createKindRules } from "../schema/create-rules.ts";
import { createGoTypes } from "../schema/types/go-types.ts";
import { createMemoryStore } from "../storage/memory-store.ts";
import type { StoreEvent } from "../storage/store.ts";
import type { DeleteOptions, EmbeddedApi, Target, WriteOptions } from "../verbs/api.ts";
import type { ClusterState } from "../verbs/cluster-state.ts";
import { createEmbeddedApi } from "../verbs/create-api.ts";
import { formatTime } from "#runtime/clock.ts";
import type { ManualClock } from "./manual-clock.ts";
import { manualClock } from "./manual-clock.ts";
import type { WorkloadOptions } from "./start-workloads.ts";
import { startWorkloads } from "./start-workloads.ts";

const namespace = "shop";

const documents = openRecordedDocuments();
const catalog = createCatalogFactory(documents).catalogOf([]);

const options: WriteOptions = {
  user: { name: "tester", groups: [] },
  fieldManager: "test",
  dryRun: false,
  fieldValidation: "Ignore",
  warn: () => undefined,
};

/** A cluster with simulated workloads whose clock the test drives. */
export interface TestCluster extends Disposable {
  readonly state: ClusterState;
  readonly clock: ManualClock;
  readonly failures: readonly unknown[];
  /** How many writes there were. */
  readonly writes: number;
  create(object: JsonObject): KubeObject;
  get(kind: string, name: string): KubeObject | undefined;
  list(kind: string): readonly KubeObject[];
  /** The object with a JSON merge patch applied. */
  patch(kind: string, name: string, body: JsonValue): KubeObject;
  remove(kind: string, name: string, propagation?: DeleteOptions["propagation"]): void;
  /** Ends the simulation and starts it anew on the same store. */
  restart(): void;
}

const startOfTime = Date.parse("2026-01-01T00:00:00Z");

export function testCluster(workloads: Partial<WorkloadOptions> = {}): TestCluster {
  const clock = manualClock(startOfTime);
  const failures: unknown[] = [];
  const listeners: ((event: StoreEvent) => void)[] = [];
  let [uids, suffixes, writes, addresses, ports] = [0, 0, 0, 0, 0];
  const state: ClusterState = {
    store: observeStore(createMemoryStore(), (event) => {
      writes += 1;
      for (const listener of listeners) listener(event);
    }),
    catalog: () => catalog,
    rules: createKindRules({
      documents,
      types: createGoTypes(() => documents.types),
      allocate: {
        clusterIP: () => `10.96.0.${(addresses += 1)}`,
        nodePort: () => 30_000 + (ports += 1),
      },
      now: () => formatTime(clock.now()),
    }),
    clock,
    newUid: () => `uid-${(uids += 1)}`,
    newSuffix: () => (suffixes += 1).toString(36).padStart(5, "0"),
  };
  const api = createEmbeddedApi(state);
  const failed = (error: unknown) => void failures.push(error);
  const started: Disposable[] = [];
  const start = () => {
    const running = [
      startCollectors(state, { clock, certificate: "PEM", onFailure: failed }),
      startWorkloads(state, { clock, onFailure: failed, ...workloads }),
    ];
    for (const each of running) {
      started.push(each);
      listeners.push((event) => each.note(event));
    }
  };
  const stop = () => {
    for (const each of started.splice(0)) each[Symbol.dispose]();
    listeners.splice(0);
  };
  api.create(targetOf("Namespace", ""), { metadata: { name: namespace } }, options);
  start();
  return {
    state,
    clock,
    failures,
    get writes() {
      return writes;
    },
    ...callsOf(api),
    restart: () => {
      stop();
      start();
    },
    [Symbol.dispose]: stop,
  };
}

function targetOf(name: string, object: string): Target {
  const found = catalog.kinds.find((each) => each.kind === name);
  if (found === undefined) throw new Error(`no kind ${name}`);
  return { kind: found, namespace: found.namespaced ? namespace : "", name: object, subresource: "" };
}

const everything = {
  labelSelector: "",
  fieldSelector: "",
  limit: 0,
  continue: "",
  resourceVersion: "",
  resourceVersionMatch: "",
} as const;

function callsOf(api: EmbeddedApi): Pick<TestCluster, "create" | "get" | "list" | "patch" | "remove"> {
  const list = (name: string) => api.list(targetOf(name, ""), everything).items.map(({ object }) => object);
  return {
    create: (object) => api.create(targetOf(viewString(object, "kind") ?? "", ""), object, options),
    get: (name, object) => list(name).find(({ metadata }) => metadata.name === object),
    list,
    patch: (name, object, body) =>
      api.patch(targetOf(name, object), { kind: "merge", body, force: false }, options).object,
    remove: (name, object, propagation = "Background") => {
      api.delete(targetOf(name, object), {
        ...options,
        propagation,
        gracePeriodSeconds: undefined,
        preconditions: {},
      });
    },
  };
}

/** A template of pods with the label `app`. */
export function podTemplate(app: string, spec: JsonObject = {}, annotations: JsonObject = {}): JsonObject {
  return {
    metadata: { labels: { app }, ...(Object.keys(annotations).length === 0 ? {} : { annotations }) },
    spec: { containers: [{ name: "app", image: "nginx:1" }], ...spec },
  };
}
