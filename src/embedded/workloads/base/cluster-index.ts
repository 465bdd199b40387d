import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { OwnerIndex } from "../../collect/owner-index.ts";
import type { Store, StoreEvent, StoreKey } from "../../storage/store.ts";
import { LabelIndex } from "./label-index.ts";
import { controllerOf, isControlledBy, uidOf } from "./owned.ts";
import { resources } from "./resources.ts";

/** What may come under a controller of which its labels speak. */
const adoptable: readonly string[] = [resources.pods, resources.replicaSets];

/** Finds objects by owner and by label without looking through all; kept up to date by events. */
export class ClusterIndex {
  readonly #store: Store;
  readonly #owners = new OwnerIndex();
  readonly #pods = new LabelIndex();
  readonly #orphans = new Map(adoptable.map((resource) => [resource, new LabelIndex()]));

  constructor(store: Store) {
    this.#store = store;
    for (const resource of store.resources()) {
      for (const { key, object } of store.list({ resource })) this.#change(key, undefined, object);
    }
  }

  note({ type, stored, previous }: StoreEvent): void {
    this.#change(stored.key, previous?.object, type === "deleted" ? undefined : stored.object);
  }

  /** Where the controller of an object is; undefined when it has none or that is gone. */
  controllerKey(object: KubeObject, resource: string): StoreKey | undefined {
    const reference = controllerOf(object);
    const key = reference && this.#owners.find(reference.uid);
    return key?.resource === resource ? key : undefined;
  }

  /** Whether there is an object with this uid. */
  has(uid: string): boolean {
    return this.#owners.find(uid) !== undefined;
  }

  /** The objects of a resource that an object controls. */
  controlledBy(owner: KubeObject, resource: string): readonly KubeObject[] {
    return this.#owners
      .dependentsOf(uidOf(owner))
      .filter((key) => key.resource === resource)
      .flatMap((key) => this.#store.read(key)?.object ?? [])
      .filter((object) => isControlledBy(object, owner));
  }

  podsMatching(namespace: string, selector: JsonObject): readonly KubeObject[] {
    return this.#read(this.#pods.find(namespace, selector));
  }

  /** Objects without a controller. */
  orphansMatching(resource: string, namespace: string, selector: JsonObject): readonly KubeObject[] {
    return this.#read(this.#orphans.get(resource)?.find(namespace, selector) ?? []);
  }

  #read(keys: readonly StoreKey[]): readonly KubeObject[] {
    return keys.flatMap((key) => this.#store.read(key)?.object ?? []);
  }

  #change(key: StoreKey, before: KubeObject | undefined, after: KubeObject | undefined): void {
    this.#owners.change(key, before, after);
    if (key.resource === resources.pods) this.#pods.change(key, before, after);
    this.#orphans.get(key.resource)?.change(key, unlessOwned(before), unlessOwned(after));
  }
}

function unlessOwned(object: KubeObject | undefined): KubeObject | undefined {
  return object !== undefined && controllerOf(object) === undefined ? object : undefined;
}
