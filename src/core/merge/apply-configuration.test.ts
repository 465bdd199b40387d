import { describe, expect, it } from "vitest";
import type { ApplyConfigurationInput } from "./apply-configuration.ts";
import { applyConfiguration } from "./apply-configuration.ts";
import { ApplyError } from "./apply-error.ts";
import { recordUpdate } from "./record-update.ts";
import { gadget, ownersOf, writeBy } from "./testdata/gadget.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";

const NOW = "2026-01-02T00:00:00Z";
const CONTENT = { count: 1, parts: [{ name: "a", size: 1 }], tags: ["x"], labels: { k: "v" } };
const APPLIED = created();

function created(): KubeObject {
  const write = { ...writeBy("ann"), live: undefined, applied: gadget(CONTENT), force: false };
  const outcome = applyConfiguration(write);
  return "object" in outcome ? outcome.object : gadget({});
}

interface Apply extends Partial<ApplyConfigurationInput> {
  readonly content: JsonObject;
}

function attempt({
  content,
  manager = "ann",
  time = NOW,
  ...rest
}: Apply): ReturnType<typeof applyConfiguration> {
  return applyConfiguration({
    ...writeBy(manager, time),
    live: APPLIED,
    applied: gadget(content),
    force: false,
    ...rest,
  });
}

function apply(options: Apply): KubeObject {
  const outcome = attempt(options);
  if ("object" in outcome) return outcome.object;
  throw new Error(outcome.message);
}

function refusal(options: Apply): string {
  const outcome = attempt(options);
  return "object" in outcome ? "" : outcome.message;
}

describe("a server-side apply", () => {
  it.each([
    {
      title: "creates what is not there",
      apply: { live: undefined, content: { count: 1, words: ["a"] } },
      spec: { count: 1, words: ["a"] },
      owners: ["ann Apply 02 spec{count words}"],
    },
    {
      title: "changes nothing the second time",
      apply: { content: CONTENT },
      spec: CONTENT,
      owners: ownersOf(APPLIED),
    },
    {
      title: "removes what its manager no longer names",
      apply: { content: { count: 2 } },
      spec: { count: 2 },
      owners: ["ann Apply 02 spec{count}"],
    },
    {
      title: "shares equal values, and does not count as a change",
      apply: { manager: "bob", content: { count: 1, tags: ["x"] } },
      spec: CONTENT,
      owners: [`bob Apply -- spec{count tags{"x"}}`, ...ownersOf(APPLIED)],
    },
    {
      title: "takes fields by force",
      apply: { manager: "bob", force: true, content: { count: 2, tags: ["y"] } },
      spec: { ...CONTENT, count: 2, tags: ["x", "y"] },
      owners: [
        'ann Apply 01 spec{labels{k} parts{{"name":"a"}{. name size}} tags{"x"}}',
        'bob Apply 02 spec{count tags{"y"}}',
      ],
    },
    {
      title: "releases all but a struct that it names without content",
      apply: { content: {} },
      spec: undefined,
      owners: ["ann Apply 02 spec"],
    },
  ])("$title", ({ apply: options, spec, owners }) => {
    const object = apply(options);
    expect(object["spec"]).toEqual(spec);
    expect(ownersOf(object)).toEqual(owners);
  });

  it("notes what was there before the first apply", () => {
    const live = gadget({ count: 1, on: true });
    expect(ownersOf(apply({ live, content: { count: 1 } }))).toEqual([
      "ann Apply -- spec{count}",
      "before-first-apply Update 02 spec{. count on}",
    ]);
    expect(refusal({ live, content: { count: 2 } })).toBe(
      'Apply failed with 1 conflict: conflict with "before-first-apply" using example.com/v1: .spec.count',
    );
  });

  it("does not own a status that another subresource holds", () => {
    const applied = gadget({ count: 1 }, { status: { phase: "Ready" } });
    expect(ownersOf(apply({ live: undefined, content: {}, applied }))).toEqual(["ann Apply 02 spec{count}"]);
  });

  it("names the conflicts as the API server does", () => {
    const live = recordUpdate({
      ...writeBy("eve", NOW),
      subresource: "scale",
      live: APPLIED,
      next: { ...APPLIED, spec: { ...CONTENT, inner: { a: "1" } } },
    });
    expect(
      attempt({
        live,
        manager: "bob",
        content: { count: 2, parts: [{ name: "a", size: 2 }], inner: { a: "2" } },
      }),
    ).toEqual({
      message: [
        'Apply failed with 3 conflicts: conflicts with "ann":',
        "- .spec.count",
        '- .spec.parts[name="a"].size',
        'conflicts with "eve" with subresource "scale" using example.com/v1:',
        "- .spec.inner.a",
      ].join("\n"),
      causes: [
        { reason: "FieldManagerConflict", message: 'conflict with "ann"', field: ".spec.count" },
        {
          reason: "FieldManagerConflict",
          message: 'conflict with "ann"',
          field: '.spec.parts[name="a"].size',
        },
        {
          reason: "FieldManagerConflict",
          message: 'conflict with "eve" with subresource "scale" using example.com/v1',
          field: ".spec.inner.a",
        },
      ],
      conflicts: [
        expect.objectContaining({ manager: "ann", operation: "Apply", field: ".spec.count" }),
        expect.objectContaining({ manager: "ann", time: "2026-01-01T00:00:00Z" }),
        expect.objectContaining({ manager: "eve", subresource: "scale", time: NOW }),
      ],
    });
  });

  it("forgets managers of versions that are no longer known", () => {
    const live = recordUpdate({
      ...writeBy("old"),
      apiVersion: "example.com/v0",
      live: APPLIED,
      next: { ...APPLIED, spec: { ...CONTENT, on: true } },
    });
    const object = apply({ live, content: { ...CONTENT, count: 3 }, versions: () => undefined });
    expect(ownersOf(object)).toEqual(ownersOf(APPLIED).map((line) => line.replace("01", "02")));
  });
});

describe("kubectl's first server-side apply", () => {
  const annotation = "kubectl.kubernetes.io/last-applied-configuration";
  const annotated = (content: JsonObject): KubeObject => {
    const next = gadget(CONTENT, {
      metadata: { name: "g", annotations: { [annotation]: JSON.stringify(gadget(content)) } },
    });
    return recordUpdate({ ...writeBy("kubectl-client-side-apply"), live: undefined, next });
  };

  it("takes over what its annotation holds, and keeps the annotation up to date", () => {
    const object = apply({
      live: annotated(CONTENT),
      manager: "kubectl",
      content: { count: 2, words: ["<"] },
    });
    expect(object.metadata.annotations?.[annotation]).toBe(
      '{"apiVersion":"example.com/v1","kind":"Gadget","metadata":{"name":"g"},"spec":{"count":2,"words":["\\u003c"]}}\n',
    );
  });

  it("conflicts where the annotation says something else", () => {
    expect(refusal({ live: annotated({ count: 7 }), manager: "kubectl", content: { count: 2 } })).toContain(
      ".spec.count",
    );
    expect(refusal({ live: annotated(CONTENT), manager: "other", content: { count: 2 } })).toContain(
      ".spec.count",
    );
  });
});

describe("an apply that is wrong", () => {
  it.each([
    { content: { count: "1" }, message: ".spec.count: expected numeric (int or float), got string" },
    { content: { on: 1 }, message: ".spec.on: expected boolean, got &{1}" },
    {
      content: { labels: { a: 1 } },
      message: ".spec.labels.a: expected string, got &value.valueUnstructured{Value:1}",
    },
    { content: { parts: {} }, message: ".spec.parts: expected list, got &{map[]}" },
    { content: { inner: ["a"] }, message: ".spec.inner: expected map, got &{[a]}" },
    { content: { other: 1 }, message: ".spec.other: field not declared in schema" },
    {
      content: { parts: [{ name: "a" }, { name: "a" }] },
      message: '.spec.parts: duplicate entries for key [name="a"]',
    },
    {
      content: { parts: [{ size: 1 }] },
      message:
        '.spec.parts: element 0: associative list with keys has an element that omits all key fields ["name"] (and doesn\'t have default values for any key fields)',
    },
    {
      content: { tags: ["x", "x"], count: true },
      message:
        'errors:\n  .spec.tags: duplicate entries for key [="x"]\n  .spec.count: expected numeric (int or float), got bool',
    },
  ])("says $message", ({ content, message }) => {
    expect(() => attempt({ content })).toThrow(
      new ApplyError(
        `failed to create typed patch object (/g; example.com/v1, Kind=Gadget): ${message}`,
        500,
      ),
    );
  });

  it("may not hold managedFields, and is of the version that is asked for", () => {
    const applied = gadget({}, { metadata: { name: "g", managedFields: [] } });
    expect(() => attempt({ content: {}, applied })).toThrow("metadata.managedFields must be nil");
    expect(() => attempt({ content: {}, apiVersion: "example.com/v2" })).toThrow(
      "Incorrect version specified in apply patch",
    );
  });
});
