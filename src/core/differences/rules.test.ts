import { describe, expect, it } from "vitest";
import { objectKey } from "#core/object/index.ts";
import type { IgnoreEntry, SystemIgnoreEntry } from "./rules.ts";
import { collectRules, noRules } from "./rules.ts";

const web = objectKey({ group: "apps", kind: "Deployment", namespace: "shop", name: "web" });

function matches(entry: IgnoreEntry): boolean {
  return collectRules("argocd/web", [entry], []).rulesFor(web).length > 0;
}

describe("rules of ignored differences", () => {
  it("name group and kind by globs, and the core group by nothing", () => {
    expect(matches({ group: "apps", kind: "Deployment" })).toBe(true);
    expect(matches({ group: "*", kind: "*" })).toBe(true);
    expect(matches({ group: "a*", kind: "Deploy?ent" })).toBe(true);
    expect(matches({ group: "apps", kind: "deployment" })).toBe(false);
    expect(matches({ kind: "Deployment" })).toBe(false);
  });

  it("stand for every name and namespace that they do not name", () => {
    const kind = { group: "apps", kind: "Deployment" };
    expect(matches({ ...kind, name: "web", namespace: "shop" })).toBe(true);
    expect(matches({ ...kind, name: "", namespace: "" })).toBe(true);
    expect(matches({ ...kind, name: "web", namespace: "other" })).toBe(false);
    expect(matches({ ...kind, name: "we*" })).toBe(false);
  });

  it("of argocd-cm join those of the application", () => {
    const system: SystemIgnoreEntry = {
      origin: "ConfigMap/argocd/argocd-cm: resource.customizations.ignoreDifferences.all",
      group: "*",
      kind: "*",
      jqPathExpressions: [".spec.b"],
    };
    const own = { group: "apps", kind: "Deployment", jqPathExpressions: [".spec.a"] };
    const rules = collectRules("argocd/web", [own], [system]);
    const own0 = { text: ".spec.a", where: "argocd/web: spec.ignoreDifferences[0].jqPathExpressions[0]" };
    expect(rules.ownExpressions).toEqual([own0]);
    expect(rules.rulesFor(web).flatMap(({ expressions }) => expressions)).toEqual([
      own0,
      { text: ".spec.b", where: `${system.origin}.jqPathExpressions[0]` },
    ]);
  });

  it("are none when nothing is written", () => {
    expect(collectRules("argocd/web", [], [])).toBe(noRules);
  });

  it("refuse what is no pointer and no glob, and say what to write", () => {
    const refusal = (entry: IgnoreEntry): string => {
      try {
        collectRules("argocd/web", [{ kind: "*" }, entry], []);
        return "";
      } catch (error) {
        return String(error);
      }
    };
    expect(refusal({ kind: "Pod", jsonPointers: ["/a", "spec/replicas"] })).toMatch(
      /argocd\/web: spec\.ignoreDifferences\[1\]\.jsonPointers\[1\]: "spec\/replicas" is no JSON pointer; begin it with a slash/u,
    );
    expect(refusal({ kind: "Pod", jsonPointers: ["/a~b"] })).toMatch(/"\/a~b" is no JSON pointer; write ~0/u);
    expect(refusal({ kind: "Pod", jsonPointers: [""] })).toMatch(/would ignore the whole object/u);
    expect(refusal({ kind: "[a" })).toMatch(/spec\.ignoreDifferences\[1\]\.kind: "\[a" is no glob/u);
  });
});
