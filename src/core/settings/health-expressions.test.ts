import { describe, expect, it } from "vitest";
import { parse as parseYaml } from "yaml";
import { findHealthScript } from "./health-scripts.ts";
import { parseSettings } from "./parse.ts";

function read(data: Readonly<Record<string, string>>) {
  const metadata = { name: "argocd-cm", namespace: "argocd" };
  const configMap = { apiVersion: "v1", kind: "ConfigMap", metadata, data };
  const { settings, problems } = parseSettings(configMap, parseYaml);
  const find = (group: string, kind: string) => findHealthScript(settings.healthScripts, { group, kind });
  return { find, problems };
}

const name = "mooring.health.example.com_Widget";

describe("health expressions of argocd-cm", () => {
  it("are named by group and kind, and win over a script for the same kind", () => {
    const { find, problems } = read({
      [name]: "current: status.ready\nfailed: status.broken",
      "resource.customizations.health.example.com_Widget": "return {}",
      "resource.customizations.health.all": "return {}",
      "mooring.health.Service": "current: 'true'",
    });
    expect(find("example.com", "Widget")).toEqual({
      language: "cel",
      name,
      expressions: { current: "status.ready", failed: "status.broken" },
    });
    expect(find("", "Service")).toMatchObject({ language: "cel" });
    expect(find("example.com", "Gadget")).toMatchObject({ language: "lua" });
    expect(problems).toEqual([]);
  });

  it.each([
    ["failed: status.broken", "current is required; add a value"],
    ["current: [1]", "current must be a string"],
    [
      "current: a\ncurrrent: b",
      "there is no field currrent; write suspended, inProgress, failed, current, message",
    ],
    ["current: [", "it is not YAML"],
  ])("that cannot be read keep their kind from being judged by anything else: %j", (text, problem) => {
    const { find } = read({ [name]: text, "resource.customizations.health.example.com_Widget": "return {}" });
    expect(find("example.com", "Widget")).toEqual({
      language: "cel",
      name,
      expressions: expect.stringContaining(problem) as string,
    });
  });

  it("for no kind are reported", () => {
    expect(read({ "mooring.health.all": "current: 'true'" }).problems).toEqual([
      "ConfigMap/argocd/argocd-cm: mooring.health.all is ignored: name the kind as <group>_<Kind>, or <Kind>",
    ]);
  });
});
