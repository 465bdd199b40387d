import { expect, it } from "vitest";
import { parse as parseYaml } from "yaml";
import { parseSettings } from "./parse.ts";

function read(data: Readonly<Record<string, string>>) {
  const metadata = { name: "argocd-cm", namespace: "argocd" };
  const { settings, problems } = parseSettings(
    { apiVersion: "v1", kind: "ConfigMap", metadata, data },
    parseYaml,
  );
  const plain = problems.map((one) => one.replace("ConfigMap/argocd/argocd-cm: ", ""));
  return { actions: settings.actionScripts, problems: plain };
}

const yaml = [
  "mergeBuiltinActions: true",
  "discovery.lua: return {}",
  "definitions:",
  "- name: poke",
  "  action.lua: return obj",
].join("\n");

it("actions are read from keys and from the old block, over which a key wins", () => {
  const block = ["example.com/Widget:", "  actions: |", "    discovery.lua: return {a={}}"].join("\n");
  const name = "resource.customizations.actions.apps_Deployment";
  expect(read({ [name]: yaml, "resource.customizations": block })).toEqual({
    problems: [],
    actions: {
      "apps/Deployment": {
        name,
        discovery: "return {}",
        definitions: [{ name: "poke", text: "return obj" }],
        mergesBuiltIn: true,
      },
      "example.com/Widget": {
        name: "resource.customizations: example.com/Widget: actions",
        discovery: "return {a={}}",
        definitions: [],
        mergesBuiltIn: false,
      },
    },
  });
});

it("actions that cannot be read are reported, and the others stand", () => {
  const { actions, problems } = read({
    "resource.customizations.actions.Pod": "definitions: [{name: a}]",
    "resource.customizations.actions.Service": "- [",
    "resource.customizations.actions.apps_Deployment": yaml,
  });
  expect(problems).toEqual([
    expect.stringMatching(/^resource\.customizations\.actions\.Service is ignored, .*: it is not YAML: /u),
    'resource.customizations.actions.Pod is ignored: definitions[0]["action.lua"] is required; add a value',
  ]);
  expect(Object.keys(actions)).toEqual(["apps/Deployment"]);
});
