import { describe, expect, it } from "vitest";
import { resolveRenderTool } from "./resolve-render-tool.ts";
import { defaultSourceSettings } from "./source-settings.ts";
import type { ApplicationSource } from "#core/app/types.ts";
import { outcome, sampleContext } from "./testing.ts";

const noJsonnet = { ...defaultSourceSettings, enabled: { Helm: true, Kustomize: true, Directory: false } };

function directory(fields: ApplicationSource["directory"], settings = defaultSourceSettings): unknown {
  const context = sampleContext({ tool: "Directory", settings });
  const source = { repoURL: "https://git.example.com/shop.git", ...(fields && { directory: fields }) };
  return outcome(() => resolveRenderTool(source, context));
}

describe("a directory source", () => {
  it("reads everything at its path, and has Jsonnet find imports there", () => {
    expect(directory(undefined)).toEqual({
      tool: "directory",
      recurse: false,
      include: "",
      exclude: "",
      jsonnet: { extVars: [], tlas: [], libs: ["charts/web"] },
    });
  });

  it("hands on what it says, with variables replaced in what Jsonnet is given", () => {
    expect(
      directory({
        recurse: true,
        include: "*.yaml",
        exclude: "a/*",
        disableExtensionFilter: true,
        jsonnet: {
          extVars: [{ name: "app", value: "$ARGOCD_APP_NAME" }],
          tlas: [{ name: "n", value: "1 + 1", code: true }],
          libs: ["vendor", "/lib", "./a/../b"],
        },
      }),
    ).toEqual({
      tool: "directory",
      recurse: true,
      include: "*.yaml",
      exclude: "a/*",
      disableExtensionFilter: true,
      jsonnet: {
        extVars: [{ name: "app", value: "web", code: false }],
        tlas: [{ name: "n", value: "1 + 1", code: true }],
        libs: ["charts/web", "vendor", "lib", "b"],
      },
    });
  });

  it("refuses a library outside the repository", () => {
    expect(directory({ jsonnet: { libs: ["../lib"] } })).toBe(
      'source.directory.jsonnet.libs[0] "../lib": it leads out of the repository',
    );
  });

  it.each([
    ["", "*.jsonnet"],
    ["a/*", "{a/*,*.jsonnet}"],
    ["{a,b}.yaml", "{{a,b}.yaml,*.jsonnet}"],
    ["a,b.yaml", "{a\\,b.yaml,*.jsonnet}"],
  ])("passes over Jsonnet where it is turned off: %s becomes %s", (exclude, expected) => {
    expect(directory({ exclude }, noJsonnet)).toMatchObject({ exclude: expected });
  });
});
