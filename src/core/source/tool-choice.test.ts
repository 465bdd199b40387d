import { describe, expect, it } from "vitest";
import type { ApplicationSource } from "#core/app/types.ts";
import { outcome } from "./testing.ts";
import { chooseTool } from "./tool-choice.ts";

type Fields = Omit<ApplicationSource, "repoURL">;

const enabled = { Helm: true, Kustomize: true, Directory: true };

function chosen(fields: Fields, files: readonly string[], changes: Partial<typeof enabled> = {}): unknown {
  const source = { repoURL: "https://git.example.com/shop.git", path: "web", ...fields };
  return outcome(() => chooseTool(source, { files, enabled: { ...enabled, ...changes } }));
}

describe("the tool of a source", () => {
  it.each<readonly [string, readonly [Fields, readonly string[]], string]>([
    ["plain files", [{}, ["a.yaml"]], "Directory"],
    ["a chart", [{}, ["Chart.yaml", "values.yaml"]], "Helm"],
    ["a kustomization", [{}, ["kustomization.yaml"]], "Kustomize"],
    ["a kustomization.yml", [{}, ["kustomization.yml"]], "Kustomize"],
    ["a Kustomization", [{}, ["Kustomization"]], "Kustomize"],
    ["a chart with a kustomization", [{}, ["Chart.yaml", "kustomization.yaml"]], "Helm"],
    ["a chart.yaml in small letters", [{}, ["chart.yaml"]], "Directory"],
    ["a chart that is to be plain", [{ directory: { include: "*" } }, ["Chart.yaml"]], "Directory"],
    ["a chart with a kustomize block", [{ kustomize: { namePrefix: "a-" } }, ["Chart.yaml"]], "Kustomize"],
    ["plain files with a helm block", [{ helm: { releaseName: "a" } }, ["a.yaml"]], "Helm"],
    ["a chart with empty blocks", [{ directory: { recurse: false }, kustomize: {} }, ["Chart.yaml"]], "Helm"],
    ["a chart of a repository", [{ chart: "nginx" }, []], "Helm"],
    ["a plugin", [{ plugin: {} }, ["Chart.yaml"]], "Plugin"],
  ])("of %s", (_what, [fields, files], expected) => {
    expect(chosen(fields, files)).toBe(expected);
  });

  it("is what is left when one is turned off", () => {
    const both = ["Chart.yaml", "kustomization.yaml"];
    expect([
      chosen({}, both, { Helm: false }),
      chosen({}, both, { Helm: false, Kustomize: false }),
      chosen({ helm: { releaseName: "a" } }, both, { Helm: false }),
      chosen({ chart: "nginx" }, both, { Helm: false }),
    ]).toEqual(["Kustomize", "Directory", "Directory", "Directory"]);
  });

  it("cannot be two", () => {
    expect(chosen({ helm: { values: "a: 1" }, kustomize: { images: ["a:1"] } }, [])).toBe(
      "source has kustomize and helm; keep one of them",
    );
  });
});
