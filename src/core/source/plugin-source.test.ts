import { describe, expect, it } from "vitest";
import { resolvePluginSource } from "./plugin-source.ts";
import { sampleContext, sampleEnvironment } from "./testing.ts";

const context = sampleContext({ tool: "Plugin" });
const built = [...sampleEnvironment].map(([name, value]) => ({ name, value }));

describe("a plugin source", () => {
  it("tells the plugin the build variables, and nothing else when it says nothing", () => {
    expect(resolvePluginSource({}, context)).toEqual({
      tool: "plugin",
      plugin: "",
      appName: "web",
      env: built,
    });
  });

  it("puts a prefix before its own variables and gives parameters as JSON and one by one", () => {
    const parameters = [
      { name: "values-files", array: ["a.yaml", "b.yaml"] },
      { name: "helm-parameters", map: { "image.tag": "v1" } },
      { name: "mode", string: "" },
    ];
    const source = resolvePluginSource(
      { name: "tanka-v1", env: [{ name: "REV", value: "at-$ARGOCD_APP_REVISION_SHORT" }], parameters },
      context,
    );
    expect([source.plugin, source.env.slice(built.length)]).toEqual([
      "tanka-v1",
      [
        { name: "ARGOCD_ENV_REV", value: "at-f913b6c" },
        { name: "ARGOCD_APP_PARAMETERS", value: JSON.stringify(parameters) },
        { name: "PARAM_VALUES_FILES_0", value: "a.yaml" },
        { name: "PARAM_VALUES_FILES_1", value: "b.yaml" },
        { name: "PARAM_HELM_PARAMETERS_IMAGE_TAG", value: "v1" },
        { name: "PARAM_MODE", value: "" },
      ],
    ]);
  });
});
