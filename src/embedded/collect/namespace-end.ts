import type { KubeObject } from "#core/object/index.ts";
import { viewArray, viewObject } from "#core/object/index.ts";
import type { StoreEvent, StoreKey } from "../storage/store.ts";
import type { ClusterState } from "../verbs/cluster-state.ts";
import { namespaces } from "../verbs/namespaces.ts";
import type { SystemCalls } from "./system-calls.ts";
import { systemCalls } from "./system-calls.ts";

const finalizer = "kubernetes";

/** Ends namespaces: deletes what is in them, and lets them go when nothing is left. */
export class NamespaceEnd {
  readonly #state: ClusterState;
  readonly #calls: SystemCalls;

  constructor(state: ClusterState) {
    this.#state = state;
    this.#calls = systemCalls(state, "namespace-controller");
  }

  /** Namespaces that were ending when the cluster ended. */
  all(): readonly StoreKey[] {
    const stored = this.#state.store.list({ resource: namespaces });
    return stored.filter(({ object }) => isEnding(object)).map(({ key }) => key);
  }

  /** The namespaces that have to be looked at because of an event. */
  note({ type, stored }: StoreEvent): readonly StoreKey[] {
    const { key, object } = stored;
    if (key.resource === namespaces) return isEnding(object) ? [key] : [];
    if (type !== "deleted" || key.namespace === "") return [];
    return [{ resource: namespaces, namespace: "", name: key.namespace }];
  }

  /** Does what is to be done about one namespace now. */
  advance(key: StoreKey): void {
    const namespace = this.#calls.read(key);
    if (namespace === undefined || !isEnding(namespace)) return;
    let isEmpty = true;
    for (const resource of this.#state.store.resources()) {
      for (const { key: inside, object } of this.#state.store.list({ resource, namespace: key.name })) {
        if (object.metadata.deletionTimestamp === undefined) {
          this.#calls.remove(inside, { propagation: "Background", uid: object.metadata.uid });
        }
        isEmpty &&= this.#state.store.read(inside) === undefined;
      }
    }
    const live = this.#calls.read(key);
    if (isEmpty && live !== undefined) this.#calls.replace(key, withoutFinalizer(live), "finalize");
  }
}

function isEnding(namespace: KubeObject): boolean {
  return namespace.metadata.deletionTimestamp !== undefined;
}

function withoutFinalizer(namespace: KubeObject): KubeObject {
  const spec = viewObject(namespace, "spec");
  const left = viewArray(spec, "finalizers").filter((each) => each !== finalizer);
  const { finalizers: _dropped, ...rest } = spec;
  return { ...namespace, spec: left.length === 0 ? rest : { ...rest, finalizers: left } };
}
