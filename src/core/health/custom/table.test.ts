import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { assessHealth } from "../assess.ts";
import { condition, conditions, objectOf, status } from "./example.ts";
import { families } from "./families.ts";
import { reliedOn } from "./relied-on.ts";
import { customCheckOf } from "./table.ts";

/** Every group and kind that the table names, once for each row that names it. */
const named = families.flatMap(({ rows }) =>
  rows.flatMap((row) =>
    row.groups.split(" ").flatMap((group) => row.kinds.split(" ").map((kind) => [group, kind] as const)),
  ),
);

describe("the table", () => {
  it("names each group and kind once", () => {
    const seen = named.map(([group, kind]) => `${group}/${kind}`);
    expect(seen.filter((id, index) => seen.indexOf(id) !== index)).toEqual([]);
  });

  it("has a check for every custom kind that people rely on", () => {
    const missing = Object.entries(reliedOn).flatMap(([group, kinds]) =>
      kinds
        .split(" ")
        .flatMap((kind) => (customCheckOf(group, kind) === undefined ? [`${group}/${kind}`] : [])),
    );
    expect(missing).toEqual([]);
  });

  it("asks the nearest group first, and in it the kind before the star", () => {
    const check = (id: string) => customCheckOf(...(id.split("/") as [string, string]));
    expect(check("s3.aws.upbound.io/ProviderConfig")).toBe(check("*.upbound.io/ProviderConfig"));
    expect(check("s3.aws.upbound.io/Bucket")).toBe(check("*.upbound.io/*"));
    expect(check("pkg.crossplane.io/Provider")).not.toBe(check("*.crossplane.io/*"));
    expect(check("kro.run/ResourceGraphDefinition")).not.toBe(check("kro.run/*"));
    expect(check("upbound.io/Bucket")).toBeUndefined();
    expect(check("example.com/Widget")).toBeUndefined();
    expect(check("/Pod")).toBeUndefined();
  });

  it("is Progressing with what is waited for, or says nothing, right after an object was created", () => {
    const wrong = named.flatMap(([group, kind]) => {
      const found = assessHealth(objectOf(`${group.replace("*", "any")}/v1 ${kind}`, {}));
      const fine =
        found === undefined ||
        found.status === "Healthy" ||
        (found.status === "Progressing" && found.message?.startsWith("Waiting for ") === true);
      return fine ? [] : [`${group}/${kind}: ${JSON.stringify(found)}`];
    });
    expect(wrong).toEqual([]);
  });
});

const widget = "example.com/v1 Widget";

describe("a custom kind that nobody knows", () => {
  it.each<[string, JsonObject, unknown]>([
    ["says nothing without a status", {}, undefined],
    ["says nothing by conditions of its own", conditions(condition("Available", "False", "")), undefined],
    [
      "is Degraded when it is stalled",
      conditions(condition("Ready", "False", ""), condition("Stalled", "True", "Broken", "no such host")),
      { status: "Degraded", message: "no such host" },
    ],
    [
      "is Progressing while it reconciles",
      conditions(condition("Ready", "True", ""), condition("Reconciling", "True", "Working")),
      { status: "Progressing", message: "Working" },
    ],
    [
      "is Progressing when it is not ready",
      conditions(condition("Ready", "False", "", "2 of 3 parts")),
      { status: "Progressing", message: "2 of 3 parts" },
    ],
    [
      "is Progressing when it does not know whether it is ready",
      conditions(condition("Ready", "Unknown", "")),
      { status: "Progressing", message: "Waiting for condition Ready" },
    ],
    ["is Healthy when it is ready", conditions(condition("Ready", "True", "")), { status: "Healthy" }],
    [
      "is Progressing while its status is about an earlier spec",
      status({ observedGeneration: 1, conditions: [condition("Ready", "True", "")] }),
      { status: "Progressing", message: "Waiting for generation 2 to be observed" },
    ],
    ["says nothing by conditions of another form", status({ conditions: { Ready: "False" } }), undefined],
    ["says nothing by a status of another form", { status: "Ready" }, undefined],
  ])("%s", (_, holds, expected) => {
    expect(assessHealth(objectOf(widget, holds))).toEqual(expected);
  });

  it("is none of Kubernetes' own kinds", () => {
    const notReady = conditions(condition("Ready", "False", ""));
    expect(
      ["v1 Node", "certificates.k8s.io/v1 CertificateSigningRequest", "apps/v1 Unheard"].map((type) =>
        assessHealth(objectOf(type, notReady)),
      ),
    ).toEqual([undefined, undefined, undefined]);
  });
});

it("gives a malformed object of a kind that is known a health that names the field", () => {
  const broken = objectOf(
    "cert-manager.io/v1 Certificate",
    status({ conditions: [{ type: "Ready", status: {} }] }),
  );
  expect(assessHealth(broken)).toEqual({
    status: "Unknown",
    message: "status.conditions[0].status is an object, not a text",
  });
});

describe("whatever a status holds", () => {
  const json = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<JsonValue>;
  const fields = [
    "conditions",
    "phase",
    "state",
    "status",
    "health",
    "observedGeneration",
    "parents",
    "ancestors",
    "listeners",
    "instances",
    "ingress",
    "statuses",
    "aggregatedStatus",
    "featureSummaries",
    "byPod",
    "scale",
    "readyReplicas",
    "message",
    "reason",
  ];
  const oneCondition = fc.record(
    {
      type: fc.oneof(fc.constantFrom("Ready", "Synced", "Available", "Accepted"), json),
      status: fc.oneof(fc.constantFrom("True", "False"), json),
      reason: json,
      message: json,
      observedGeneration: json,
    },
    { requiredKeys: [] },
  );
  const anyStatus = fc.dictionary(
    fc.constantFrom(...fields),
    fc.oneof(json, fc.array(oneCondition), fc.array(fc.dictionary(fc.constantFrom(...fields), json))),
  );

  it("gives the same health every time and never breaks the assessment of others", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...named),
        fc.oneof(json, anyStatus) as fc.Arbitrary<JsonValue>,
        json,
        ([group, kind], held, spec) => {
          const object = objectOf(`${group.replace("*", "any")}/v1 ${kind}`, { status: held, spec });
          const first = assessHealth(object);
          expect(assessHealth(structuredClone(object))).toEqual(first);
        },
      ),
      { numRuns: 500 },
    );
  });
});
