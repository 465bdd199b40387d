import { describe, expect, it } from "vitest";
import type { Manifest } from "./new-manifest.ts";
import {
  asYamlObject,
  errorsOf,
  firstManifest,
  isCascading,
  manifestIn,
  withCascade,
} from "./new-manifest.ts";
import { refusedBy } from "./permits.ts";

const projects = [{ metadata: { name: "default" } }];
const repoURL = "https://git.example.com/shop/web.git";

function manifest(spec: NonNullable<Manifest["spec"]>, name = "web"): Manifest {
  return { metadata: { name, namespace: "argocd" }, spec };
}

const whole = {
  project: "default",
  source: { repoURL, path: "." },
  destination: { server: "https://x", namespace: "web" },
};

describe("what is typed for a new application", () => {
  it("has nothing wrong when it is whole", () => {
    expect(errorsOf(manifest(whole), { projects })).toEqual({});
    expect(errorsOf(manifest(whole), { projects: undefined })).toEqual({});
  });

  it("is said to be wrong by field", () => {
    const wrong = manifest(
      { project: "nope", source: { repoURL, path: "../x" }, destination: { namespace: "Bad_" } },
      "Web",
    );
    const errors = errorsOf(wrong, { projects });
    expect(Object.keys(errors).toSorted()).toEqual(["cluster", "name", "namespace", "path", "project"]);
    expect(errors.path).toBe("It leads out of the repository.");
  });

  it("takes a chart without a path, but not without a version", () => {
    const chart = (targetRevision: string) =>
      manifest({ ...whole, source: { repoURL, chart: "web", targetRevision } });
    expect(errorsOf(chart("1.x"), { projects })).toEqual({});
    expect(Object.keys(errorsOf(chart(""), { projects }))).toEqual(["targetRevision"]);
  });

  it("begins with what is missing marked", () => {
    expect(Object.keys(errorsOf(firstManifest("argocd"), { projects })).toSorted()).toEqual([
      "name",
      "repoURL",
    ]);
  });

  it("is the same as YAML and back", () => {
    const given = firstManifest("argocd");
    expect(manifestIn(asYamlObject(given) as Record<string, unknown>)).toEqual(given);
    expect(manifestIn({ kind: "Deployment" })).toBe("kind must be Application.");
    expect(manifestIn({ kind: "Application", metadata: {} })).toContain("spec is missing");
  });

  it("says whether the objects go with the application, and keeps other finalizers", () => {
    const given = { metadata: { finalizers: ["example.com/x"] } };
    const on = withCascade(given, true);
    expect(isCascading(on)).toBe(true);
    expect(withCascade(on, false)).toEqual(given);
  });
});

describe("a project", () => {
  const project = (spec: object) => ({ metadata: { name: "shop" }, spec });
  const anywhere = [{ server: "*", namespace: "*" }];
  const refuses = (spec: object, of = whole) =>
    Object.keys(refusedBy(project(spec), of, [{ name: "prod", server: "https://x" }]));

  it("permits what its patterns name, with or without .git", () => {
    for (const pattern of [
      "*",
      repoURL,
      "https://git.example.com/shop/web",
      "https://git.example.com/**",
      "https://git.example.com/shop/*",
    ]) {
      expect(refuses({ sourceRepos: [pattern], destinations: anywhere })).toEqual([]);
    }
    expect(refuses({ sourceRepos: ["https://git.example.com/*"], destinations: anywhere })).toEqual([
      "repoURL",
    ]);
    expect(refuses({ sourceRepos: [], destinations: anywhere })).toEqual(["repoURL"]);
  });

  it("permits the rest when it only forbids something", () => {
    expect(refuses({ sourceRepos: ["!https://other/**"], destinations: anywhere })).toEqual([]);
    expect(refuses({ sourceRepos: ["*", "!https://git.example.com/**"], destinations: anywhere })).toEqual([
      "repoURL",
    ]);
  });

  it("permits a cluster by its address or its name, with the namespace", () => {
    const at = (destinations: readonly object[]) => refuses({ sourceRepos: ["*"], destinations });
    expect(at([{ name: "prod", namespace: "we*" }])).toEqual([]);
    expect(at([{ server: "https://x", namespace: "other" }])).toEqual(["destination"]);
    expect(at([...anywhere, { server: "*", namespace: "!web" }])).toEqual(["destination"]);
  });

  it("that is not known refuses nothing", () => {
    expect(refusedBy(undefined, whole, [])).toEqual({});
  });
});
