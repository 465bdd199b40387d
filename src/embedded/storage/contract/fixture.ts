import type { KubeObject } from "#core/object/index.ts";
import type { MemoryStoreOptions } from "../memory-store.ts";
import type { Store, StoredObject, StoreKey, StoreReader } from "../store.ts";

/** Opens an empty store; the suite closes it. */
export type OpenStore = (options?: MemoryStoreOptions) => Store;

export const pods = "/pods";
export const podKey = (name: string, namespace = "shop"): StoreKey => ({ resource: pods, namespace, name });
export const secretKey: StoreKey = { resource: "/secrets", namespace: "shop", name: "s" };

export function pod(name: string, value = 0): KubeObject {
  return { apiVersion: "v1", kind: "Pod", metadata: { name, labels: { value: `${value}` } } };
}

/** Writes pods by `namespace/name`. */
export function fill(store: Store, ...names: readonly string[]): void {
  for (const path of names) {
    const [namespace = "", name = ""] = path.split("/");
    store.write(podKey(name, namespace), pod(name));
  }
}

export const pathsOf = (objects: readonly StoredObject[]): readonly string[] =>
  objects.map(({ key: { namespace, name } }) => `${namespace}/${name}`);

export const valueOf = (stored: StoredObject | undefined): string | undefined =>
  stored?.object.metadata.labels?.["value"];

export const ignore = (): void => undefined;

/** Lets everything happen that was put off until after the present turn. */
export const turn = async (): Promise<void> => await new Promise((resolve) => void setImmediate(resolve));

export function drain(reader: StoreReader): readonly string[] {
  const events: string[] = [];
  for (let event = reader.next(); event !== undefined; event = reader.next()) {
    events.push(`${event.type} ${event.stored.key.name} ${event.stored.revision}`);
  }
  return events;
}
