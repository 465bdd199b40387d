import type { KubeObject } from "#core/object/index.ts";
import { objectText } from "./object-text.ts";
import type { StoredObject, StoreEvent, StoreKey } from "./store.ts";

/**
 * An object's identity inside its resource. Ids compare as namespace and then name do, because NUL is in neither and sorts
 * before everything else. JavaScript compares UTF-16 code units: for ASCII, which nearly all names are, that is the order of bytes.
 */
export function idOf({ namespace, name }: Pick<StoreKey, "namespace" | "name">): string {
  return `${namespace}\0${name}`;
}

/** The object as it is stored at a revision; the given one stays as it is. */
export function stampObject(object: KubeObject, revision: number): KubeObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
}

interface Identity {
  readonly key: StoreKey;
  readonly id: string;
}

/** Versions of one object share key and id: a hundred thousand objects have them once. */
export function identityOf(key: StoreKey): Identity {
  const { resource, namespace, name } = key;
  return { key: { resource, namespace, name }, id: idOf(key) };
}

/** Holds an object, its JSON, or both; what is missing is made when it is first asked for. */
export class KeptObject implements StoredObject {
  readonly key: StoreKey;
  readonly id: string;
  readonly revision: number;
  #object: KubeObject | undefined;
  #text: string | undefined;

  constructor({ key, id }: Identity, revision: number, content: KubeObject | string) {
    this.key = key;
    this.id = id;
    this.revision = revision;
    if (typeof content === "string") this.#text = content;
    else this.#object = content;
  }

  get object(): KubeObject {
    this.#object ??= JSON.parse(this.text) as KubeObject;
    return this.#object;
  }

  get text(): string {
    if (this.#text === undefined) this.#text = objectText(this.object);
    return this.#text;
  }

  /** Parsed, an object takes several times the memory of its text; asked for again, it is parsed again. */
  keepTextOnly(): void {
    this.#text = this.text;
    this.#object = undefined;
  }
}

export interface KeptEvent extends StoreEvent {
  readonly stored: KeptObject;
  readonly previous: KeptObject | undefined;
}
