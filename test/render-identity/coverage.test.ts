import { globSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readCorpus } from "./cases.ts";

const corpus = join(import.meta.dirname, "../render-corpus");

function lines(file: string): readonly string[] {
  return readFileSync(join(corpus, file), "utf8").trim().split("\n");
}

function contents(pattern: string): string {
  const paths = globSync(pattern, { cwd: corpus }).map((path) => join(corpus, path));
  const files = paths.filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
  return files.map((path) => readFileSync(path, "utf8")).join("\n");
}

it("calls every template function of Helm", () => {
  const templates = contents("charts/**/templates/**");
  const isCalled = (name: string) => new RegExp(`(?<![\\w.$"])${name}(?!\\w)`).test(templates);
  expect(lines("template-functions.txt").filter((name) => !isCalled(name))).toEqual([]);
});

it("uses every field of a kustomization", () => {
  const kustomizations = contents("overlays/**/*ustomization*");
  const isUsed = (field: string) => new RegExp(`^${field}:`, "m").test(kustomizations);
  expect(lines("kustomization-fields.txt").filter((field) => !isUsed(field))).toEqual([]);
});

it("holds at least 60 charts, 100 kustomizations and 300 cases of Helm", () => {
  const entries = readCorpus();
  const cases = entries.flatMap((entry) => entry.cases.map((one) => ({ entry, one })));
  const ofKustomize = cases.filter(({ one }) => one.tool === "kustomize");
  const kustomizations = new Set(ofKustomize.map(({ entry, one }) => `${entry.name}/${one.cli.join(" ")}`));
  const charts = entries.filter(({ name }) => name.startsWith("charts/"));
  const ofHelm = cases.filter(({ one }) => one.tool === "helm");
  expect([charts.length >= 60, kustomizations.size >= 100, ofHelm.length >= 300]).toEqual([true, true, true]);
});
