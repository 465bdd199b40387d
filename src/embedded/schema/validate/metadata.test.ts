import { describe, expect, it } from "vitest";
import type { KubeObject, ObjectMeta } from "#core/object/index.ts";
import { createCatalogFactory } from "../../kinds/catalog.ts";
import { openRecordedDocuments } from "../../recorded/documents.ts";
import { validateMetadata } from "./metadata.ts";
import { isSubdomain } from "./names.ts";

const kind = createCatalogFactory(openRecordedDocuments()).catalogOf([]).find("", "v1", "configmaps");

function check(metadata: ObjectMeta, live?: ObjectMeta): readonly string[] {
  if (kind === undefined) throw new Error("ConfigMap is not served");
  const object = (of: ObjectMeta): KubeObject => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "c", namespace: "test", ...of },
  });
  const write = {
    kind,
    next: object(metadata),
    live: live === undefined ? undefined : object(live),
    subresource: "",
  };
  return validateMetadata(write, isSubdomain).map(({ field, message }) => `${field}: ${message}`);
}

describe("metadata", () => {
  it("has at most 256 KiB of annotations", () => {
    expect(check({ annotations: { a: "x".repeat(262_143) } })).toEqual([]);
    expect(check({ annotations: { a: "x".repeat(262_144) } })).toEqual([
      "metadata.annotations: Too long: may not be more than 262144 bytes",
    ]);
  });

  it("gets no new finalizers while the object is being deleted", () => {
    const deletionTimestamp = "2026-01-01T00:00:00Z";
    const live = { deletionTimestamp, finalizers: ["a.example.com/x"] };
    expect(check({ deletionTimestamp, finalizers: [] }, live)).toEqual([]);
    expect(check({ deletionTimestamp, finalizers: ["a.example.com/x", "b.example.com/y"] }, live)).toEqual([
      `metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"b.example.com/y"}`,
    ]);
  });

  it("keeps what identifies the object", () => {
    expect(check({ uid: "b" }, { uid: "a" })).toEqual([
      `metadata.uid: Invalid value: "b": field is immutable`,
    ]);
  });
});
