import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { DiffLine } from "./diff.ts";
import { diffObjects } from "./diff.ts";
import { diffLines } from "./lines.ts";
import { printYaml } from "./yaml.ts";
import type { JsonValue, KubeObject } from "#core/object/index.ts";

const live: KubeObject = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: {
    name: "web",
    uid: "1",
    resourceVersion: "7",
    generation: 2,
    creationTimestamp: "2026-01-01T00:00:00Z",
    managedFields: [],
    labels: { app: "web" },
  },
  data: { a: "1", b: "2", c: "3", d: "4", e: "5", "nginx.conf": "server {\n\tlisten 80;\n}\n" },
};

/** As `diff -u` prints lines, each with its sign. */
function formatLines(lines: readonly DiffLine[]): string {
  const signs = { context: " ", added: "+", removed: "-", hunk: "" } as const;
  return lines.map(({ kind, text }) => `${signs[kind]}${text}\n`).join("");
}

describe("diffObjects", () => {
  it("names the field that each hunk is about and hides what the server writes", () => {
    const desired = {
      ...live,
      metadata: { name: "web", labels: { app: "web", tier: "front" } },
      data: { a: "1", b: "2", c: "3", d: "4", e: "5", "nginx.conf": "server {\n\tlisten 8080;\n}\n" },
    };
    const diff = diffObjects(live, desired, { context: 1 });
    expect(formatLines(diff)).toMatchInlineSnapshot(`
      "@@ -5,2 +5,3 @@ metadata.labels.tier
           app: web
      +    tier: front
         name: web
      @@ -14,3 +15,3 @@ data.nginx.conf
           server {
      -    	listen 80;
      +    	listen 8080;
           }
      "
    `);
  });

  it("names list items by their name", () => {
    const pod = (image: string): KubeObject => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "p" },
      spec: {
        containers: [
          { name: "web", image },
          { name: "log", image: "log:1" },
        ],
      },
    });
    expect(diffObjects(pod("web:1"), pod("web:2"), { context: 0 })).toEqual([
      { kind: "hunk", text: '@@ -7,1 +7,1 @@ spec.containers[name="web"].image' },
      { kind: "removed", text: "  - image: web:1" },
      { kind: "added", text: "  - image: web:2" },
    ]);
  });

  it("shows a missing object as added and one to be pruned as removed", () => {
    const small: KubeObject = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } };
    const kinds = (lines: ReturnType<typeof diffObjects>): string => lines.map(({ kind }) => kind).join(" ");
    expect(kinds(diffObjects(undefined, small))).toBe("hunk added added added added");
    expect(kinds(diffObjects(small, undefined))).toBe("hunk removed removed removed removed");
  });

  it("finds nothing between objects that only the server's bookkeeping tells apart", () => {
    const later = { ...live, metadata: { ...live.metadata, resourceVersion: "8" }, status: { ready: true } };
    expect(diffObjects(live, later)).toEqual([]);
  });

  it("stays quick when everything differs", () => {
    const lines = (prefix: string): readonly string[] =>
      Array.from({ length: 20_000 }, (_, i) => `${prefix}${i}`);
    expect(diffLines(lines("a"), lines("b"))).toHaveLength(40_000);
  });

  it("turns the one text into the other", () => {
    const line = fc.constantFrom("a", "b", "c", "d");
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), fc.array(line, { maxLength: 30 }), (before, after) => {
        const steps = diffLines(before, after);
        const kept = (kind: "added" | "removed"): string =>
          steps
            .filter((step) => step.kind !== kind)
            .map((step) => (step.kind === "added" ? after[step.after] : before[step.before]))
            .join();
        expect([kept("added"), kept("removed")]).toEqual([before.join(), after.join()]);
      }),
    );
  });
});

describe("printYaml", () => {
  it("quotes what would be read as something else and keeps several lines as a block", () => {
    const values = {
      spec: { z: 1, a: [] },
      kind: "K",
      apiVersion: "v1",
      metadata: {},
      texts: [
        "yes",
        "1.0",
        "0x1F",
        "2026-01-01",
        "12:30:45",
        "null",
        "",
        " a",
        "a: b",
        "a #b",
        "--port=80",
        "*",
        "it's",
        "1Gi",
      ],
      script: "#!/bin/sh\nexec  web\n",
      open: "a\nb",
      indented: "  a\nb\n\n",
      empty: {},
      nested: [[1, 2], [{ b: 1, a: null }]],
    };
    expect(printYaml(values)).toMatchInlineSnapshot(`
      "apiVersion: v1
      kind: K
      metadata: {}
      spec:
        a: []
        z: 1
      empty: {}
      indented: |2+
          a
        b

      nested:
      - - 1
        - 2
      - - a: null
          b: 1
      open: |-
        a
        b
      script: |
        #!/bin/sh
        exec  web
      texts:
      - "yes"
      - "1.0"
      - "0x1F"
      - "2026-01-01"
      - "12:30:45"
      - "null"
      - ""
      - " a"
      - "a: b"
      - "a #b"
      - --port=80
      - "*"
      - it's
      - 1Gi
      "
    `);
    expect(parse(printYaml(values))).toEqual(values);
  });

  const texts = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.string({
      unit: fc.constantFrom(
        "a",
        "-",
        ":",
        " ",
        "#",
        "\n",
        "\t",
        "'",
        '"',
        "0",
        ".",
        "e",
        "~",
        "?",
        "\\",
        "{",
      ),
    }),
    fc.constantFrom(
      "no",
      "1e3",
      "0o7",
      "-1",
      "---",
      "- a",
      "? a",
      "a:",
      "=",
      "<<",
      "1:30",
      ".inf",
      "\u0085",
      "\ufeff",
    ),
  );
  const values = fc.letrec<{ value: JsonValue }>((again) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      texts,
      fc.integer(),
      fc
        .double({ noNaN: true, noDefaultInfinity: true })
        .map((number) => (Object.is(number, -0) ? 0 : number)),
      fc.boolean(),
      fc.constant(null),
      fc.array(again("value"), { maxLength: 3 }),
      fc.dictionary(texts, again("value"), { maxKeys: 3, noNullPrototype: true }),
    ),
  })).value;

  it.each(["1.1", "1.2"] as const)("keeps a last line of nothing but spaces by YAML %s", (version) => {
    const value = { a: [{ b: " a\n " }, "x\n  \ny\n", "\t\nz"] };
    expect(parse(printYaml(value), { version })).toEqual(value);
  });

  it.each(["1.1", "1.2"] as const)("reads back as the same value by YAML %s", (version) => {
    fc.assert(
      fc.property(values, (value) => {
        expect(parse(printYaml(value), { version })).toEqual(value);
      }),
      { numRuns: 200 },
    );
  });
});
