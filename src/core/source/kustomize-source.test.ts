import { describe, expect, it } from "vitest";
import type { ApplicationSource } from "#core/app/types.ts";
import { parseBuildOptions } from "./build-options.ts";
import { resolveKustomizeSource } from "./kustomize-source.ts";
import { defaultSourceSettings } from "./source-settings.ts";
import { outcome, sampleContext } from "./testing.ts";

type KustomizeFields = NonNullable<ApplicationSource["kustomize"]>;

const settings = {
  ...defaultSourceSettings,
  buildOptions: "--enable-helm",
  versionBuildOptions: { v5: "--load-restrictor LoadRestrictionsNone" },
};
const kustomize = (fields: KustomizeFields) =>
  resolveKustomizeSource(fields, sampleContext({ tool: "Kustomize", settings }));

const plain = { enableHelm: false, enableAlphaPlugins: false, loadRestrictor: "rootOnly", reorder: "" };

describe("a Kustomize source", () => {
  it("edits nothing that it does not say, and builds with the options of the settings", () => {
    expect(kustomize({ namePrefix: "", images: [], forceCommonLabels: false })).toEqual({
      tool: "kustomize",
      edits: {},
      buildOptions: { ...plain, enableHelm: true },
      kubeVersion: "v1.37.2",
      apiVersions: ["v1", "v1/Pod"],
    });
  });

  it("is built by the program of its version, with that version's own options", () => {
    const own = {
      ...settings,
      versionBuildOptions: { v4: "--enable_alpha_plugins  --stack-trace", v3: "" },
      versionPaths: { v4: "/opt/kustomize-4", v3: "/opt/kustomize-3" },
    };
    const programOf = (version: string) =>
      resolveKustomizeSource({ version }, sampleContext({ tool: "Kustomize", settings: own })).program;
    expect([programOf("v4"), programOf("v3"), programOf("")]).toEqual([
      { version: "v4", path: "/opt/kustomize-4", options: ["--enable_alpha_plugins", "--stack-trace"] },
      { version: "v3", path: "/opt/kustomize-3", options: ["--enable-helm"] },
      undefined,
    ]);
  });

  it("hands on every edit, with build variables where Argo CD replaces them", () => {
    const patches = [
      { target: { kind: "Deployment" }, patch: "$ARGOCD_APP_NAME", options: { allowNameChange: true } },
    ];
    expect(
      kustomize({
        namePrefix: "a-",
        nameSuffix: "-$ARGOCD_APP_NAME",
        namespace: "other",
        images: ["web=registry.example/web:$ARGOCD_APP_REVISION_SHORT"],
        replicas: [
          { name: "web", count: 2 },
          { name: "db", count: "3" },
        ],
        commonLabels: { app: "$ARGOCD_APP_NAME" },
        commonAnnotations: { note: "$ARGOCD_APP_NAME" },
        forceCommonLabels: true,
        forceCommonAnnotations: true,
        labelWithoutSelector: true,
        labelIncludeTemplates: true,
        components: ["../c"],
        ignoreMissingComponents: true,
        patches,
        kubeVersion: "1.30.0",
        apiVersions: ["a/v1"],
      }),
    ).toEqual({
      tool: "kustomize",
      edits: {
        namePrefix: "a-",
        nameSuffix: "-$ARGOCD_APP_NAME",
        namespace: "other",
        images: ["web=registry.example/web:f913b6c"],
        replicas: [
          { name: "web", count: 2 },
          { name: "db", count: 3 },
        ],
        commonLabels: { app: "web" },
        commonAnnotations: { note: "$ARGOCD_APP_NAME" },
        forceCommonLabels: true,
        forceCommonAnnotations: true,
        labelWithoutSelector: true,
        labelIncludeTemplates: true,
        components: ["../c"],
        ignoreMissingComponents: true,
        patches,
      },
      buildOptions: { ...plain, enableHelm: true },
      kubeVersion: "1.30.0",
      apiVersions: ["a/v1"],
    });
  });

  it("replaces variables in annotations when asked to", () => {
    const fields = { commonAnnotations: { note: "$ARGOCD_APP_NAME" }, commonAnnotationsEnvsubst: true };
    expect(kustomize(fields).edits).toEqual({ commonAnnotations: { note: "web" } });
  });

  it("builds a named version with its own options, and refuses one that nobody knows", () => {
    expect(kustomize({ version: "v5" }).buildOptions).toEqual({ ...plain, loadRestrictor: "none" });
    expect(outcome(() => kustomize({ version: "v4" }))).toBe(
      'source.kustomize.version "v4": no such version; remove it, or add kustomize.buildOptions.v4 to argocd-cm',
    );
  });

  it("refuses a count of replicas that is no number", () => {
    expect(outcome(() => kustomize({ replicas: [{ name: "web", count: "many" }] }))).toBe(
      'source.kustomize.replicas: count of web is "many"; write a whole number',
    );
  });
});

describe("kustomize.buildOptions", () => {
  it.each([
    ["", plain],
    ["  --enable-helm   --enable-alpha-plugins ", { ...plain, enableHelm: true, enableAlphaPlugins: true }],
    ["--enable-helm=false", plain],
    ["--load-restrictor=LoadRestrictionsNone", { ...plain, loadRestrictor: "none" }],
    ["--load_restrictor none --reorder legacy", { ...plain, loadRestrictor: "none", reorder: "legacy" }],
    ["--reorder=none", { ...plain, reorder: "none" }],
  ])("%s", (text, expected) => {
    expect(parseBuildOptions(text, "kustomize.buildOptions")).toEqual(expected);
  });

  it.each([
    ["--enable-exec", "--enable-exec: programs are not run during a build; remove it"],
    [
      "--enable-helm --network",
      "--network: builds reach neither programs nor the network or the environment of the controller; remove it",
    ],
    ["--helm-command=helm3", "--helm-command: Helm is built in; remove it"],
    ["--load-restrictor all", '--load-restrictor: "all" is not one of its values'],
    ["--load-restrictor", '--load-restrictor: "" is not one of its values'],
    ["--enable-helm=maybe", '--enable-helm: "maybe" is not one of its values'],
    ["-o out", "-o: it is no option of kustomize build here"],
    ["web", "web: it is no option of kustomize build here"],
  ])("%s is refused", (text, message) => {
    expect(outcome(() => parseBuildOptions(text, "kustomize.buildOptions"))).toBe(
      `ConfigMap argocd-cm: kustomize.buildOptions: ${message}`,
    );
  });
});
