import { describe, expect, it } from "vitest";
import { parse as parseYaml } from "yaml";
import { findHealthScript } from "./health-scripts.ts";
import { parseSettings } from "./parse.ts";

function read(data: Readonly<Record<string, string>>) {
  const metadata = { name: "argocd-cm", namespace: "argocd" };
  const { settings, problems } = parseSettings(
    { apiVersion: "v1", kind: "ConfigMap", metadata, data },
    parseYaml,
  );
  const find = (group: string, kind: string) => {
    const found = findHealthScript(settings.healthScripts, { group, kind });
    return found?.language === "lua" ? found : undefined;
  };
  return { find, problems: problems.map((one) => one.replace("ConfigMap/argocd/argocd-cm: ", "")) };
}

describe("health scripts of argocd-cm", () => {
  it("are named by group and kind, and by kind in the core group", () => {
    const { find, problems } = read({
      "resource.customizations.health.example.com_Widget": "return {}\n",
      "resource.customizations.useOpenLibs.example.com_Widget": "true",
      "resource.customizations.health.Service": "return nil",
    });
    const name = "resource.customizations.health.example.com_Widget";
    expect(find("example.com", "Widget")).toEqual({
      language: "lua",
      name,
      text: "return {}",
      opensLibraries: true,
    });
    expect(find("", "Service")).toMatchObject({ text: "return nil", opensLibraries: false });
    expect([find("", "Widget"), find("example.com", "Service"), find("", "toString")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(problems).toEqual([]);
  });

  it("are read from the old block, over which a key of its own wins", () => {
    const { find, problems } = read({
      "resource.customizations": [
        "example.com/Widget:",
        "  health.lua: |",
        "    return 1",
        "  health.lua.useOpenLibs: true",
        "Service:",
        "  health.lua: return 2",
      ].join("\n"),
      "resource.customizations.health.Service": "return 3",
    });
    const name = "resource.customizations: example.com/Widget: health.lua";
    expect(find("example.com", "Widget")).toEqual({
      language: "lua",
      name,
      text: "return 1",
      opensLibraries: true,
    });
    expect(find("", "Service")?.text).toBe("return 3");
    expect(problems).toEqual([]);
  });

  it("may have wildcards in the block, of which the most specific one counts, after an exact name", () => {
    const { find } = read({
      "resource.customizations": [
        '"*.crossplane.io/*": {health.lua: any}',
        '"*.aws.crossplane.io/*": {health.lua: aws}',
        '"*.aws.crossplane.io/Bucket": {health.lua: bucket}',
        "s3.aws.crossplane.io/Bucket: {health.lua: exact}",
      ].join("\n"),
    });
    const texts = ["s3.aws.crossplane.io", "ec2.aws.crossplane.io", "gcp.crossplane.io"].map(
      (group) => find(group, "Bucket")?.text,
    );
    expect(texts).toEqual(["exact", "bucket", "any"]);
    expect(find("ec2.aws.crossplane.io", "VPC")?.text).toBe("aws");
    expect(find("example.com", "Bucket")).toBeUndefined();
  });

  it("may be for all kinds that have a group", () => {
    const { find } = read({ "resource.customizations.health.all": "return 1" });
    expect([find("apps", "Deployment")?.text, find("", "Pod")]).toEqual(["return 1", undefined]);
  });

  it("that cannot be read are reported, and the others stand", () => {
    const { find, problems } = read({
      "resource.customizations.health.a_b_c": "return 1",
      "resource.customizations.useOpenLibs.Pod": "perhaps",
      "resource.customizations": [
        "Service: {health.lua: [1], colour: red, actions: 7, health.lua.useOpenLibs: often}",
        "Pod: 7",
        "Secret: {health.lua: return 1}",
      ].join("\n"),
    });
    expect(problems).toEqual([
      "resource.customizations: Service: health.lua is ignored: it must be a text",
      "resource.customizations: Service: colour is ignored: there is no such field",
      "resource.customizations: Service: health.lua.useOpenLibs is ignored: it must be true or false",
      "resource.customizations: Pod is ignored: it must be an object",
      "resource.customizations.useOpenLibs.Pod is ignored: it is neither true nor false",
      "resource.customizations.health.a_b_c is ignored: name the kind as <group>_<Kind>, or <Kind>",
      "resource.customizations: Service: actions is ignored: it must be a text that holds YAML",
    ]);
    expect(find("", "Secret")?.text).toBe("return 1");
    expect(read({ "resource.customizations": "- 1" }).problems).toEqual([
      "resource.customizations is ignored: it must be an object of <group>/<Kind>",
    ]);
  });
});
