import { expect, it } from "vitest";
import { planDigest } from "./format.ts";
import type { InputParts } from "./testdata/build.ts";
import { applied, drifted, input, missing, object } from "./testdata/build.ts";
import { planSync } from "./plan-sync.ts";

function digest(parts: InputParts): string {
  return planDigest(planSync(input(parts)), (text) => text);
}

const job = object("Job/x", { hook: "PostSync" });
const { name: _, ...metadata } = job.metadata;
const unnamedJob = { ...job, metadata: { ...metadata, generateName: "smoke-" } };

it("a plan keeps its digest while only live versions, hook names and the input's order change", () => {
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

it("a plan's digest changes with what it does", () => {
  const digests = [
    digest({ objects: [missing(object("ConfigMap/a"))] }),
    digest({ objects: [missing(object("ConfigMap/a", {}, { data: { a: "1" } }))] }),
    digest({ objects: [drifted(object("ConfigMap/a"))] }),
    digest({ objects: [drifted(object("ConfigMap/a"), ["data.a"])] }),
    digest({ objects: [missing(object("ConfigMap/a"))], operation: { revision: "other" } }),
    digest({ inventory: [applied(object("ConfigMap/a"))] }),
    digest({ inventory: [applied(object("ConfigMap/a"), { uid: "another" })] }),
  ];
  expect(new Set(digests).size).toBe(digests.length);
});
