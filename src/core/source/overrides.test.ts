import { describe, expect, it } from "vitest";
import type { JsonValue } from "#core/object/index.ts";
import { overrideFilesOf, overrideSource } from "./overrides.ts";
import { outcome } from "./testing.ts";

const source = {
  repoURL: "https://git.example.com/shop.git",
  path: "web",
  targetRevision: "main",
  helm: { releaseName: "web", parameters: [{ name: "tag", value: "1" }] },
};

const overridden = (content: JsonValue) =>
  outcome(() => overrideSource(source, { path: "web/.argocd-source.yaml", content }));

describe("overrides beside the manifests", () => {
  it("are read for all applications first, then for this one", () => {
    expect(overrideFilesOf("web")).toEqual([".argocd-source.yaml", ".argocd-source-web.yaml"]);
  });

  it("are merged: maps field by field, lists whole, null takes away", () => {
    expect(overridden({ helm: { parameters: [{ name: "tag", value: "2" }], releaseName: null } })).toEqual({
      ...source,
      helm: { parameters: [{ name: "tag", value: "2" }] },
    });
    expect(overridden({ helm: null, kustomize: { images: ["web:2"] } })).toEqual({
      repoURL: source.repoURL,
      path: "web",
      targetRevision: "main",
      kustomize: { images: ["web:2"] },
    });
    expect(overridden(null)).toEqual(source);
  });

  it("change nothing about where the manifests come from", () => {
    const elsewhere = {
      repoURL: "https://evil.example",
      path: "x",
      targetRevision: "y",
      chart: "z",
      ref: "r",
    };
    expect(overridden(elsewhere)).toEqual(source);
  });

  it("name the file and the field when they do not fit, and quote no value", () => {
    expect(overridden(["helm"])).toBe(
      "web/.argocd-source.yaml: not a map of source fields, such as helm: or kustomize:",
    );
    expect(overridden({ helm: { values: ["secret"] } })).toMatch(
      /^web\/\.argocd-source\.yaml: helm\.values must be /u,
    );
    expect(overridden({ helm: { values: ["secret"] } })).not.toMatch(/secret/u);
  });
});
