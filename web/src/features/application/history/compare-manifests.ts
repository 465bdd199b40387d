import { isRecord, isSame } from "../is-same.ts";
import type { JsonRecord } from "../sync/object-state.ts";
import { parseState } from "../sync/object-state.ts";

/** What became of an object from one revision to another. */
export interface ComparedObject {
  readonly key: string;
  readonly title: string;
  readonly became: "added" | "removed" | "changed" | "same";
  readonly before: JsonRecord | undefined;
  readonly after: JsonRecord | undefined;
}

/** Compares what two revisions render to, object by object; what is the same comes last. */
export function compareManifests(
  before: readonly string[],
  after: readonly string[],
): readonly ComparedObject[] {
  const old = byKey(before);
  const next = byKey(after);
  const keys = [...new Set([...old.keys(), ...next.keys()])].toSorted();
  const compared = keys.map((key) => {
    const [a, b] = [old.get(key), next.get(key)];
    const became =
      a === undefined ? "added" : b === undefined ? "removed" : isSame(a, b) ? "same" : "changed";
    return { key, title: titleOf(a ?? b ?? {}), became, before: a, after: b } as const;
  });
  return compared.toSorted((a, b) => Number(a.became === "same") - Number(b.became === "same"));
}

function byKey(manifests: readonly string[]): ReadonlyMap<string, JsonRecord> {
  return new Map(
    manifests.flatMap((text) => {
      const object = parseState(text);
      return object === undefined ? [] : [[keyOf(object), object] as const];
    }),
  );
}

/** By group, not by version: the same object in another version is the same object. */
function keyOf(object: JsonRecord): string {
  const { apiVersion, kind } = object;
  const version = textOf(apiVersion);
  const group = version.includes("/") ? (version.split("/")[0] ?? "") : "";
  return [
    group,
    textOf(kind),
    nameIn(object, "namespace"),
    nameIn(object, "name") || nameIn(object, "generateName"),
  ].join("/");
}

function titleOf(object: JsonRecord): string {
  const namespace = nameIn(object, "namespace");
  const name = nameIn(object, "name") || nameIn(object, "generateName");
  return `${textOf(object["kind"])} ${name}${namespace === "" ? "" : ` in ${namespace}`}`;
}

function nameIn({ metadata }: JsonRecord, field: string): string {
  return isRecord(metadata) ? textOf(metadata[field]) : "";
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
