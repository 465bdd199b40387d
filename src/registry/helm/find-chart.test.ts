import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { findChart, listCharts } from "./find-chart.ts";

const digest = "a".repeat(64);
const versionsOf = (index: string, name: string) => {
  const found = findChart(Buffer.from(index), name);
  return typeof found === "string" ? found : found.map(({ version }) => version);
};

const index = `apiVersion: v1
entries:
  other:
  - description: |
      entries:
        web:
        - version: 9.9.9
    version: 0.1.0
  # web:
  web:
  - appVersion: 1.10
    created: "2026-01-02T03:04:05.678Z"
    deprecated: true
    digest: ${digest}
    name: web
    urls:
    - https://charts.example.com/web-1.10.tgz
    - web-1.10.tgz
    version: 1.10.0
  - version: 1.9
    urls: [web-1.9.tgz]
  - name: without version
  "quoted":
    - version: 3.0.0
generated: "2026-01-02T03:04:05Z"
trailer:
  late:
  - version: 1.0.0
`;

describe("a chart in an index", () => {
  it("has its versions with digests, URLs and dates, all values as they are written", () => {
    expect(findChart(Buffer.from(index), "web")).toEqual([
      {
        version: "1.10.0",
        digest: `sha256:${digest}`,
        urls: ["https://charts.example.com/web-1.10.tgz", "web-1.10.tgz"],
        appVersion: "1.10",
        created: "2026-01-02T03:04:05.678Z",
        deprecated: true,
      },
      { version: "1.9", urls: ["web-1.9.tgz"], deprecated: false },
    ]);
  });

  it("is found by its whole name inside the entries only", () => {
    expect(
      ["other", "quoted", "late", "we", "entries", "__proto__"].map((name) => versionsOf(index, name)),
    ).toEqual([["0.1.0"], ["3.0.0"], "missing", "missing", "missing", "missing"]);
  });

  it.for([
    ["JSON", '{"apiVersion":"v1","entries":{"web":[{"version":"1.0.0","urls":[]}]}}', ["1.0.0"]],
    ["flow style", "entries: {web: [{version: 1.0.0}]}\n", ["1.0.0"]],
    ["an alias", "entries:\n  a: &a\n  - version: 1.0.0\n  web: *a\n", ["1.0.0"]],
    ["an anchor elsewhere", "x: &v 1.0.0\nentries:\n  web:\n  - version: *v\n", ["1.0.0"]],
    ["Windows line ends", "entries:\r\n  web:\r\n  - version: 1.0.0\r\n", ["1.0.0"]],
    ["deep indentation", "entries:\n      web:\n          - version: 1.0.0\n", ["1.0.0"]],
    ["no entries", "apiVersion: v1\nentries: {}\n", "missing"],
    ["a chart without versions", "entries:\n  web: []\n", []],
    ["no index", "<!DOCTYPE html><html></html>", "not-an-index"],
    ["another document", "apiVersion: v1\nkind: ConfigMap\n", "not-an-index"],
    ["nothing", "", "not-an-index"],
  ] as const)("is found in %s", ([, text, expected]) => {
    expect(versionsOf(text, "web")).toEqual(expected);
  });

  it("is the same whether it is cut out or the whole index is parsed", () => {
    const text = fc.string({ unit: "grapheme-composite" });
    const entry = fc.record({
      version: fc.constantFrom("1.0.0", "2.0.0"),
      description: text,
      notes: fc.array(text),
    });
    const charts = fc.dictionary(fc.stringMatching(/^[a-z][a-z-]{0,5}$/), fc.array(entry, { minLength: 1 }));
    fc.assert(
      fc.property(charts, fc.boolean(), (entries, indentSeq) => {
        const written = stringify({ apiVersion: "v1", entries, generated: "now" }, { indentSeq });
        for (const name of Object.keys(entries)) {
          expect(versionsOf(written, name)).toEqual(entries[name]?.map(({ version }) => version));
        }
      }),
    );
  });
});

describe("listCharts", () => {
  it("lists every chart that has a version, by name", () => {
    const text =
      "entries: {web: [{version: 1.10}, {version: 1.9.0}, {name: web}], api: [{version: 2.0.0}], empty: []}";
    expect(listCharts(Buffer.from(text))).toEqual([
      { name: "api", versions: ["2.0.0"] },
      { name: "web", versions: ["1.10", "1.9.0"] },
    ]);
  });

  it("tells what is no index", () => {
    expect(listCharts(Buffer.from("<html>"))).toBe("not-an-index");
    expect(listCharts(Buffer.from("entries: null"))).toEqual([]);
  });
});
