import type { JsonObject, KubeObject, StringMap } from "#core/object/index.ts";
import { labelsOf, viewObject } from "#core/object/index.ts";
import type { StoreKey } from "../../storage/store.ts";
import { matcherOf } from "./match-selector.ts";

interface Labelled {
  readonly key: StoreKey;
  readonly labels: StringMap;
}

type Bucket = Map<string, Labelled>;

/** Objects of one resource by namespace and label, so that a selector looks at few of them. */
export class LabelIndex {
  readonly #buckets = new Map<string, Bucket>();

  /** Takes note of how an object was and is; undefined for before it was made and after it is gone. */
  change(key: StoreKey, before: KubeObject | undefined, after: KubeObject | undefined): void {
    if (before !== undefined && after !== undefined && isSame(labelsOf(before), labelsOf(after))) return;
    if (before !== undefined) {
      for (const bucket of bucketsOf(key, labelsOf(before))) this.#drop(bucket, key.name);
    }
    if (after === undefined) return;
    const labelled = { key, labels: labelsOf(after) };
    for (const bucket of bucketsOf(key, labelled.labels)) this.#put(bucket, labelled);
  }

  /** The keys in a namespace whose labels meet a LabelSelector or a plain map of labels. */
  find(namespace: string, selector: JsonObject): readonly StoreKey[] {
    const matches = matcherOf(selector);
    const smallest = this.#smallest(namespace, selector);
    return [...(smallest?.values() ?? [])].flatMap(({ key, labels }) => (matches(labels) ? [key] : []));
  }

  #smallest(namespace: string, selector: JsonObject): Bucket | undefined {
    let smallest = this.#buckets.get(bucketOf(namespace));
    for (const [label, value] of Object.entries(equalitiesOf(selector))) {
      const bucket = this.#buckets.get(bucketOf(namespace, label, value));
      if (bucket === undefined) return undefined;
      if (bucket.size < (smallest?.size ?? Infinity)) smallest = bucket;
    }
    return smallest;
  }

  #put(name: string, labelled: Labelled): void {
    const bucket = this.#buckets.get(name) ?? new Map<string, Labelled>();
    bucket.set(labelled.key.name, labelled);
    this.#buckets.set(name, bucket);
  }

  #drop(name: string, object: string): void {
    const bucket = this.#buckets.get(name);
    bucket?.delete(object);
    if (bucket?.size === 0) this.#buckets.delete(name);
  }
}

function bucketsOf({ namespace }: StoreKey, labels: StringMap): readonly string[] {
  return [
    bucketOf(namespace),
    ...Object.entries(labels).map(([label, value]) => bucketOf(namespace, label, value)),
  ];
}

/** A space is in no name, label or value. */
function bucketOf(...parts: readonly string[]): string {
  return parts.join(" ");
}

function equalitiesOf(selector: JsonObject): StringMap {
  const isPlain = selector["matchLabels"] === undefined && selector["matchExpressions"] === undefined;
  const found = isPlain ? selector : viewObject(selector, "matchLabels");
  return Object.fromEntries(
    Object.entries(found).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

function isSame(a: StringMap, b: StringMap): boolean {
  if (a === b) return true;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
