import { createHash, createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { keyOf } from "#core/object/index.ts";
import type { PlannedObject } from "./input.ts";
import type { PlanHash } from "./plan-record.ts";
import { digestOf } from "./plan-record.ts";
import type { InputParts } from "./testdata/build.ts";
import { applied, drifted, input, live, missing, object, unchanged } from "./testdata/build.ts";
import type { GroundParts } from "./testdata/record.ts";
import { plainHash, recorded } from "./testdata/record.ts";

const digest = (parts: InputParts, ground: GroundParts = {}): string => recorded(input(parts), ground).digest;

const job = object("Job/x", { hook: "PostSync" });
const { name: _, ...metadata } = job.metadata;
const unnamedJob = { ...job, metadata: { ...metadata, generateName: "smoke-" } };

function differing(desired: KubeObject, alive: KubeObject, drift: readonly string[]): PlannedObject {
  return { ...drifted(desired, drift), live: alive };
}

const web = object("Deployment/web", {}, { spec: { replicas: 2, paused: false } });
const scaled = (replicas: number, more: Record<string, unknown> = {}) =>
  live(web, { generation: 3, ...more }) && {
    ...live(web, more),
    spec: { replicas, paused: false },
  };

describe("a plan keeps its digest", () => {
  it("while only live versions, hook names and the input's order change", () => {
    const old = (resourceVersion: string) => applied(object("ConfigMap/old"), { resourceVersion });
    const objects = [missing(object("ConfigMap/a")), missing(unnamedJob)];
    const before = digest({ objects, inventory: [old("7")] });
    const after = digest({
      objects: objects.toReversed(),
      inventory: [old("8")],
      operation: { startedAtMs: 1_800_000_000_000 },
    });
    expect(after).toBe(before);
  });

  it("whatever status, versions and managed fields the live objects have, and whatever does not change", () => {
    const churn = fc.record({
      resourceVersion: fc.string(),
      generation: fc.nat(),
      managedFields: fc.array(fc.record({ time: fc.string(), manager: fc.string() })),
    });
    const before = digest({ objects: [differing(web, scaled(5), ["spec.replicas"])] });
    fc.assert(
      fc.property(churn, fc.jsonValue(), fc.boolean(), (more, status, paused) => {
        const alive = { ...scaled(5, more), status, spec: { replicas: 5, paused } } as unknown as KubeObject;
        const others = [unchanged(object("ConfigMap/same"))];
        const wait = digest({ objects: [differing(web, alive, ["spec.replicas"])] });
        expect(wait).toBe(before);
        const skipped = recorded(
          input({ objects: [...others, differing(web, alive, ["spec.replicas"])] }),
        ).entries;
        expect(skipped).toEqual(
          recorded(input({ objects: [differing(web, scaled(5), ["spec.replicas"])] })).entries,
        );
      }),
    );
  });

  it("when somebody confirms its deletions", () => {
    const asks = applied(object("ConfigMap/old", { "sync-options": "Prune=confirm" }));
    const confirmed = { deletionApprovedAtMs: 1_900_000_000_000 };
    expect(digest({ inventory: [asks], operation: confirmed })).toBe(digest({ inventory: [asks] }));
  });
});

describe("a plan's digest changes", () => {
  it("with what it does, and with what it does it to", () => {
    const replace = { options: { objectDefaults: { ...input({}).options.objectDefaults, replace: true } } };
    const digests = [
      digest({ objects: [missing(object("ConfigMap/a"))] }),
      digest({ objects: [missing(object("ConfigMap/a", {}, { data: { a: "1" } }))] }),
      digest({ objects: [missing(object("ConfigMap/a", { "sync-wave": "1" }))] }),
      digest({ objects: [missing(object("ConfigMap/a", { hook: "PreSync" }))] }),
      digest({ objects: [drifted(object("ConfigMap/a"))] }),
      digest({ objects: [drifted(object("ConfigMap/a"), ["data.a"])] }),
      digest({ objects: [missing(object("ConfigMap/a"))], operation: { revision: "other" } }),
      digest({ objects: [missing(object("ConfigMap/a"))], options: { dryRun: true } }),
      digest({ objects: [missing(object("ConfigMap/a"))], ...replace }),
      digest({ objects: [missing(object("ConfigMap/a"))] }, { server: "https://west" }),
      digest({ objects: [missing(object("ConfigMap/a"))] }, { namespace: "other" }),
      digest({ objects: [missing(object("ConfigMap/a"))] }, { rules: "respected" }),
      digest({ inventory: [applied(object("ConfigMap/a"))] }),
      digest({ inventory: [applied(object("ConfigMap/a"), { uid: "another" })] }),
      digest({ inventory: [applied(object("ConfigMap/a"))], options: { prunePropagation: "Orphan" } }),
      digest({ objects: [differing(web, scaled(5), ["spec.replicas"])] }),
      digest({ objects: [differing(web, scaled(6), ["spec.replicas"])] }),
      digest({ objects: [differing(web, scaled(5, { uid: "another" }), ["spec.replicas"])] }),
    ];
    expect(new Set(digests).size).toBe(digests.length);
  });

  it("with every field of a manifest", () => {
    const data = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(data, data, (one, two) => {
        const made = (content: unknown) =>
          digest({ objects: [missing(object("ConfigMap/a", {}, { data: content as JsonObject }))] });
        expect(made(one) === made(two)).toBe(sorted(one) === sorted(two));
      }),
    );
  });

  it("with what a replace would overwrite", () => {
    const options = { objectDefaults: { ...input({}).options.objectDefaults, replace: true } };
    const paused = { ...scaled(5), spec: { replicas: 5, paused: true } } as unknown as KubeObject;
    const made = (alive: KubeObject) =>
      digest({ objects: [differing(web, alive, ["spec.replicas"])], options });
    expect(made(paused)).not.toBe(made(scaled(5)));
    expect(made({ ...scaled(5), status: { replicas: 1 } } as KubeObject)).toBe(made(scaled(5)));
  });
});

function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

describe("values of Secrets", () => {
  const secret = (value: string, at = "Secret/s") => object(at, {}, { data: { password: value } });
  const keyed = (key: string): PlanHash => ({
    key,
    entry: (text) => createHmac("sha256", key).update(text).digest("base64url"),
    digest: (text) => createHash("sha256").update(text).digest("hex"),
  });

  it("change the digest, which nobody without the key can make", () => {
    const made = (value: string, key: string) =>
      digest({ objects: [missing(secret(value))] }, { hash: keyed(key) });
    expect(made("a", "k")).toBe(made("a", "k"));
    expect(made("b", "k")).not.toBe(made("a", "k"));
    expect(made("a", "another")).not.toBe(made("a", "k"));
  });

  it("are left out where there is no key, whether Git or the cluster has them", () => {
    const hash = { ...plainHash, key: "none" };
    const text = JSON.stringify([
      recorded(input({ objects: [missing(secret("hush"))] }), { hash }),
      recorded(
        input({ objects: [differing(secret("hush"), live(secret("hush-hush")), ["data.password"])] }),
        { hash },
      ),
      recorded(input({ objects: [missing(object("ConfigMap/c", {}, { data: { url: "hush" } }))] }), {
        hash,
        secretPathsOf: () => [["data", "url"]],
      }),
    ]);
    expect(text).toContain("password");
    expect(text).not.toContain("hush");
  });
});

it("a record is true to its digest, and to no other", () => {
  const record = recorded(input({ objects: [missing(object("ConfigMap/a"))] }));
  expect(digestOf(record, plainHash.digest)).toBe(record.digest);
  const other = { ...record, entries: record.entries.map((entry) => ({ ...entry, does: "else" })) };
  expect(digestOf(other, plainHash.digest)).not.toBe(record.digest);
  expect(record.entries.map(({ key }) => key)).toEqual([keyOf(object("ConfigMap/a"))]);
});
