import type { JsonObject, KubeObject, StringMap } from "#core/object/index.ts";
import { jsonEqual, labelsOf, viewObject, viewString } from "#core/object/index.ts";
import type { SystemCalls } from "../../collect/system-calls.ts";
import { systemCalls } from "../../collect/system-calls.ts";
import type { StoreEvent, StoreKey } from "../../storage/store.ts";
import type { Controller, WorkContext } from "../base/controller.ts";
import { readStored } from "../base/controller.ts";
import { Delays } from "../base/delays.ts";
import { matcherOf } from "../base/match-selector.ts";
import { byName, isDeleting, keyIn, nameOf, namespaceOf, referenceTo, uidOf } from "../base/owned.ts";
import { ownersOf } from "../base/owners-of.ts";
import { resources } from "../base/resources.ts";
import { endpointOf, portsOf } from "./endpoints-of.ts";
import { endpointsIn, planSlices } from "./plan-slices.ts";

const managedBy = "endpointslice-controller.k8s.io";
const managedByLabel = "endpointslice.kubernetes.io/managed-by";
const serviceLabel = "kubernetes.io/service-name";

/** Tells in EndpointSlices which pods are behind a Service. */
export class EndpointSlices implements Controller {
  readonly name = "endpointslice-controller";
  readonly resource = resources.services;
  readonly #context: WorkContext;
  readonly #calls: SystemCalls;
  /** Changes are gathered for a while. */
  readonly #delays: Delays;
  /** What was found to be in a slice as it is stored. */
  readonly #known = new WeakMap<KubeObject, Content>();

  constructor(context: WorkContext) {
    this.#context = context;
    this.#delays = new Delays(context.clock, context.timings.endpointsMs);
    this.#calls = systemCalls(context.state, this.name);
  }

  note(event: StoreEvent): readonly StoreKey[] {
    const { resource, namespace } = event.stored.key;
    if (resource === resources.endpointSlices) {
      return ownersOf(this.#context, event, { of: resource, owner: this.resource, adopts: false });
    }
    if (resource !== resources.pods || isIrrelevant(event)) return [];
    const { previous, stored } = event;
    return this.#context.state.store
      .list({ resource: this.resource, namespace })
      .filter(({ object }) => selects(object, stored.object) || selects(object, previous?.object))
      .map(({ key }) => key);
  }

  sync(key: StoreKey): number | undefined {
    const service = readStored(this.#context, key);
    if (service === undefined || isDeleting(service) || !hasSelector(service)) {
      return this.#delays.forget(key);
    }
    const leftMs = this.#delays.leftMs(key);
    if (leftMs > 0) return leftMs;
    this.#writeSlices(service);
    return undefined;
  }

  #writeSlices(service: KubeObject): void {
    const { index } = this.#context;
    const pods = index
      .podsMatching(namespaceOf(service), viewObject(service, "spec", "selector"))
      .toSorted(byName);
    const endpoints = pods.map((pod) => endpointOf(service, pod)).filter((each) => each !== undefined);
    const ports = portsOf(service, pods[0]);
    const slices = index.controlledBy(service, resources.endpointSlices).toSorted(byName);
    const plan = planSlices(slices.map(endpointsIn), endpoints);
    for (const [at, slice] of slices.entries()) {
      const held = plan.kept[at] ?? [];
      // One slice stays, so that a Service without pods is seen to have none.
      if (held.length === 0 && (at > 0 || plan.kept.some((each) => each.length > 0))) this.#remove(slice);
      else this.#replace(slice, { service, endpoints: held, ports });
    }
    const added = slices.length === 0 && plan.added.length === 0 ? [[]] : plan.added;
    for (const held of added) {
      const slice = sliceOf({ service, endpoints: held, ports });
      this.#calls.create(keyIn(resources.endpointSlices, slice), slice);
    }
  }

  #replace(live: KubeObject, content: Content): void {
    const before = this.#known.get(live);
    if (before !== undefined && isSameContent(before, content)) return;
    const { metadata: wanted, ...rest } = sliceOf(content);
    const { generateName: _generated, ...metadata } = wanted;
    const next = { ...live, ...rest, metadata: { ...live.metadata, ...metadata } };
    const key = keyIn(resources.endpointSlices, live);
    if (!jsonEqual(live, next)) this.#calls.replace(key, next);
    const stored = readStored(this.#context, key);
    if (stored !== undefined) this.#known.set(stored, content);
  }

  #remove(slice: KubeObject): void {
    const key = keyIn(resources.endpointSlices, slice);
    this.#calls.remove(key, { propagation: "Background", uid: uidOf(slice) });
  }
}

interface Content {
  readonly service: KubeObject;
  readonly endpoints: readonly JsonObject[];
  readonly ports: readonly JsonObject[];
}

function isSameContent(a: Content, b: Content): boolean {
  return (
    a.service === b.service &&
    a.endpoints.length === b.endpoints.length &&
    a.endpoints.every((endpoint, index) => endpoint === b.endpoints[index]) &&
    jsonEqual(a.ports, b.ports)
  );
}

function sliceOf({ service, endpoints, ports }: Content): KubeObject {
  const isHeadless = viewString(service, "spec", "clusterIP") === "None";
  const labels: StringMap = {
    ...labelsOf(service),
    [serviceLabel]: nameOf(service),
    [managedByLabel]: managedBy,
    ...(isHeadless ? { "service.kubernetes.io/headless": "" } : {}),
  };
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      generateName: `${nameOf(service)}-`,
      namespace: namespaceOf(service),
      labels,
      ownerReferences: [referenceTo(service)],
    },
    addressType: "IPv4",
    endpoints,
    ports,
  };
}

function hasSelector(service: KubeObject): boolean {
  return (
    viewString(service, "spec", "type") !== "ExternalName" &&
    Object.keys(viewObject(service, "spec", "selector")).length > 0
  );
}

function selects(service: KubeObject, pod: KubeObject | undefined): boolean {
  if (pod === undefined || !hasSelector(service)) return false;
  return matcherOf(viewObject(service, "spec", "selector"))(labelsOf(pod));
}

/** What is not on a node has no address yet. */
function isIrrelevant({ stored, previous }: StoreEvent): boolean {
  const hasAddress = (pod: KubeObject | undefined) => viewString(pod, "status", "podIP") !== undefined;
  return !hasAddress(stored.object) && !hasAddress(previous?.object);
}
