import { describe, expect, it } from "vitest";
import {
  imageName,
  imageOverride,
  linesOf,
  parametersOf,
  setDirectory,
  setHelm,
  setImage,
  setParameter,
  sourcesIn,
  toolOf,
  withSources,
} from "./edit-source.ts";

const source = { repoURL: "https://git.example.com/shop", path: "web" };

describe("a source that is edited", () => {
  it("loses a field that says nothing, and the block that held it", () => {
    const set = setHelm(source, "releaseName", "web");
    expect(set).toEqual({ ...source, helm: { releaseName: "web" } });
    expect(setHelm(set, "releaseName", "")).toEqual(source);
    expect(setDirectory(setDirectory(source, "recurse", true), "recurse", false)).toEqual(source);
  });

  it("keeps what the form does not know", () => {
    const given = {
      ...source,
      helm: { skipCrds: true, parameters: [{ name: "a", value: "1", forceString: true }] },
    };
    expect(setParameter(given, "a", "2").helm).toEqual({
      skipCrds: true,
      parameters: [{ name: "a", value: "2", forceString: true }],
    });
  });
});

describe("parameters of a chart", () => {
  it("are set, changed, and left to the chart again", () => {
    const set = setParameter(setParameter(source, "replicas", "3"), "tag", "");
    expect(set.helm?.parameters).toEqual([
      { name: "replicas", value: "3" },
      { name: "tag", value: "" },
    ]);
    expect(setParameter(setParameter(set, "replicas", undefined), "tag", undefined)).toEqual(source);
  });

  it("are listed with those first that the application sets, known to the chart or not", () => {
    const set = setParameter(setParameter(source, "b", "2"), "unknown", "x");
    const chart = [
      { name: "a", value: "1" },
      { name: "b", value: "1" },
    ];
    expect(parametersOf(set, chart)).toEqual([
      { name: "b", chart: "1", own: "2" },
      { name: "unknown", chart: undefined, own: "x" },
      { name: "a", chart: "1", own: undefined },
    ]);
  });
});

describe("images of a kustomization", () => {
  it("are known by name, whatever tag, digest or port", () => {
    expect(imageName("registry:5000/web:1.0")).toBe("registry:5000/web");
    expect(imageName("registry:5000/web")).toBe("registry:5000/web");
    expect(imageName("web@sha256:abc")).toBe("web");
  });

  it("are given another tag, another name, and back", () => {
    const tagged = setImage(source, "example/web:1.0", "example/web:2.0");
    expect(tagged.kustomize?.images).toEqual(["example/web:2.0"]);
    expect(imageOverride(tagged, "example/web:1.0")).toBe("example/web:2.0");
    const renamed = setImage(tagged, "example/web:1.0", "mirror/web:2.0");
    expect(renamed.kustomize?.images).toEqual(["example/web=mirror/web:2.0"]);
    expect(imageOverride(renamed, "example/web:1.0")).toBe("mirror/web:2.0");
    expect(setImage(renamed, "example/web:1.0", "")).toEqual(source);
  });
});

describe("the sources of a spec", () => {
  it("become a list when there are two, and stay one", () => {
    const two = withSources({ project: "default", source }, [source, { ...source, path: "db" }]);
    expect(two).toEqual({ project: "default", sources: [source, { ...source, path: "db" }] });
    expect(withSources(two, [source])).toEqual({ project: "default", sources: [source] });
    expect(sourcesIn(two)).toHaveLength(2);
  });

  it("stay a single one that is changed", () => {
    expect(withSources({ source }, [{ ...source, path: "x" }])).toEqual({ source: { ...source, path: "x" } });
  });

  it("say by their fields what they are", () => {
    expect(toolOf(source)).toBeUndefined();
    expect(toolOf({ repoURL: "x", chart: "web" })).toBe("Helm");
    expect(toolOf({ ...source, kustomize: {} })).toBe("Kustomize");
  });
});

describe("lists in a field", () => {
  it("have one entry a line", () => {
    expect(linesOf(" a.yaml \n\n b.yaml")).toEqual(["a.yaml", "b.yaml"]);
  });
});
