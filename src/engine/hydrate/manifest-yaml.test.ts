import { expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { formatManifests } from "./manifest-yaml.ts";

const texts = {
  answer: "yes",
  empty: "",
  binary: "0b11",
  date: "2026-01-02",
  hours: "12:30:45",
  leading: "012",
  lines: "a\nb\n",
  nothing: "~",
  number: "1e3",
  octal: "0o14",
  plain: "a b",
  on: "off",
};

it("manifests read as the same texts in both versions of YAML, and equal objects are equal texts", () => {
  const objects = [
    { kind: "A", data: texts },
    { kind: "B", number: 3, flag: true, none: null },
  ];
  const written = formatManifests(objects);
  for (const version of ["1.1", "1.2"] as const) {
    const read = [...parseAllDocuments(written, { version })].map((one) => one.toJS() as unknown);
    expect(read).toEqual(objects);
  }
  expect(formatManifests([{ data: Object.fromEntries(Object.entries(texts).toReversed()), kind: "A" }])).toBe(
    formatManifests([{ kind: "A", data: texts }]),
  );
  expect(written).toContain('octal: "0o14"\n');
  expect(written).not.toContain("%YAML");
});
