import { describe, expect, it } from "vitest";
import { manifestText, readManifest } from "./manifest-text.ts";

const object = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "a", namespace: "b", managedFields: [{ manager: "kubectl" }] },
  data: { text: "one\ntwo\n", yes: "yes" },
};

describe("manifestText", () => {
  it("leaves out who owns what, unless it is wanted", () => {
    expect(manifestText(object, false)).not.toContain("managedFields");
    expect(manifestText(object, true)).toContain("managedFields");
    const { metadata: _metadata, ...rest } = object;
    expect(readManifest(manifestText(object, false), object)).toMatchObject({ object: rest });
  });
});

describe("readManifest", () => {
  const problem = (text: string) => {
    const written = readManifest(text, object);
    return "problem" in written ? written.problem : "";
  };

  it("says what is wrong, and where", () => {
    expect(problem("a: [")).toMatch(/line 1/u);
    expect(problem("a: 1\na: 2")).toMatch(/unique/u);
    expect(problem("- a")).toMatch(/apiVersion/u);
  });

  it("does not take another object for the same", () => {
    const text = manifestText(object, false);
    expect(problem(text.replace("name: a", "name: other"))).toMatch(/^metadata.name/u);
    expect(problem(text.replace("kind: ConfigMap", "kind: Secret"))).toMatch(/^kind/u);
  });
});
