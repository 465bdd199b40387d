import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { KubeObject } from "#core/object/index.ts";
import { createPlanHash } from "#engine/plan-hash.ts";
import { renderedDigest } from "./rendered-digest.ts";

const keyed = createPlanHash("the hub's own key");
const unkeyed = createPlanHash(undefined);

const secretOf = (password: string): KubeObject => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "db", namespace: "shop" },
  stringData: { password },
});

const configOf = (name: string, value: string): KubeObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "shop" },
  data: { value },
});

describe("the digest of what an Application renders to", () => {
  it("is the same in whatever order objects come and fields are written, and another one for any other value", () => {
    const anyObjects = fc.uniqueArray(fc.tuple(fc.string(), fc.string()), {
      maxLength: 6,
      selector: ([name]) => name,
    });
    fc.assert(
      fc.property(anyObjects, fc.string(), (entries, more) => {
        const objects = entries.map(([name, value]) => ({ object: configOf(name, value) }));
        const digest = renderedDigest(objects, keyed);
        expect(renderedDigest(objects.toReversed(), keyed)).toBe(digest);
        const rewritten = objects.map(({ object }) => ({
          object: Object.fromEntries(Object.entries(object).toReversed()) as KubeObject,
        }));
        expect(renderedDigest(rewritten, keyed)).toBe(digest);
        expect(renderedDigest([...objects, { object: secretOf(more) }], keyed)).not.toBe(digest);
      }),
    );
  });

  it("sees a Secret's value change under the hub's key, by which alone it can be guessed", () => {
    const digests = ["one", "two"].map((password) => renderedDigest([{ object: secretOf(password) }], keyed));
    expect(new Set(digests).size).toBe(2);
    const elsewhere = renderedDigest([{ object: secretOf("one") }], createPlanHash("another key"));
    expect(digests).not.toContain(elsewhere);
  });

  it("leaves out what is secret where there is no key, and nothing else", () => {
    const of = (object: KubeObject, secretPaths: readonly (readonly string[])[] = []): string =>
      renderedDigest([{ object, secretPaths }], unkeyed);
    expect(of(secretOf("one"))).toBe(of(secretOf("two")));
    const paths = [["data", "value"]];
    expect(of(configOf("a", "one"), paths)).toBe(of(configOf("a", "two"), paths));
    expect(of(configOf("a", "one"))).not.toBe(of(configOf("a", "two")));
  });
});
