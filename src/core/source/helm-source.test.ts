import { describe, expect, it } from "vitest";
import type { ApplicationSource } from "#core/app/types.ts";
import { resolveHelmSource } from "./helm-source.ts";
import { outcome, sampleContext } from "./testing.ts";

type HelmFields = NonNullable<ApplicationSource["helm"]>;

const helm = (fields: HelmFields) => resolveHelmSource(fields, sampleContext());
const valueFile = (file: string) => outcome(() => helm({ valueFiles: [file] }).values[0]);

describe("a Helm source", () => {
  it("takes what it does not say from the application and its cluster", () => {
    expect(helm({})).toEqual({
      tool: "helm",
      releaseName: "web",
      namespace: "shop",
      values: [],
      parameters: [],
      fileParameters: [],
      ignoreMissingValueFiles: false,
      skipCrds: false,
      skipTests: false,
      skipSchemaValidation: false,
      kubeVersion: "v1.37.2",
      apiVersions: ["v1", "v1/Pod"],
    });
  });

  it("keeps what it says", () => {
    expect(
      helm({
        releaseName: "front",
        namespace: "other",
        ignoreMissingValueFiles: true,
        skipCrds: true,
        skipTests: true,
        skipSchemaValidation: true,
        kubeVersion: "1.30.0",
        apiVersions: ["example.com/v1/Thing"],
        version: "v3",
      }),
    ).toEqual({
      tool: "helm",
      releaseName: "front",
      namespace: "other",
      values: [],
      parameters: [],
      fileParameters: [],
      ignoreMissingValueFiles: true,
      skipCrds: true,
      skipTests: true,
      skipSchemaValidation: true,
      kubeVersion: "1.30.0",
      apiVersions: ["example.com/v1/Thing"],
    });
  });

  it("takes an empty text for nothing said, as Argo CD does", () => {
    const { releaseName, namespace, values } = helm({ releaseName: "", namespace: "", values: "" });
    expect({ releaseName, namespace, values }).toEqual({ releaseName: "web", namespace: "shop", values: [] });
  });

  it("puts values over values files and valuesObject over values, variables in them untouched", () => {
    expect(helm({ valueFiles: ["a.yaml", "b.yaml"], values: "x: $ARGOCD_APP_NAME\n" }).values).toEqual([
      { kind: "file", path: "charts/web/a.yaml" },
      { kind: "file", path: "charts/web/b.yaml" },
      { kind: "text", text: "x: $ARGOCD_APP_NAME\n" },
    ]);
    expect(helm({ values: "x: 1\n", valuesObject: { b: { d: [1, "$A"] }, a: true } }).values).toEqual([
      { kind: "text", text: '{"a":true,"b":{"d":[1,"$A"]}}' },
    ]);
  });

  it("lets the last parameter of a name count, and forced texts after the others", () => {
    expect(
      helm({
        parameters: [
          { name: "forced", value: "1", forceString: true },
          { name: "a", value: "1" },
          { name: "tag", value: "$ARGOCD_APP_REVISION_SHORT" },
          { name: "a", value: "2" },
          { name: "price", value: "$$5" },
        ],
      }).parameters,
    ).toEqual([
      { name: "tag", value: "f913b6c", forceString: false },
      { name: "a", value: "2", forceString: false },
      { name: "price", value: "$5", forceString: false },
      { name: "forced", value: "1", forceString: true },
    ]);
  });

  it.each([
    ["a,b", "a\\,b"],
    ["a\\,b", "a\\,b"],
    ["{a,b}", "{a,b}"],
    [",", "\\,"],
  ])("keeps the commas of parameter %s in its value", (value, expected) => {
    expect(helm({ parameters: [{ name: "p", value }] }).parameters[0]?.value).toBe(expected);
  });

  it("finds file parameters where values files are found", () => {
    expect(
      helm({
        fileParameters: [
          { name: "a", path: "files/$ARGOCD_APP_NAME.txt" },
          { name: "b", path: "$values/b.txt" },
          { name: "a", path: "/root.txt" },
        ],
      }).fileParameters,
    ).toEqual([
      { name: "b", path: ".git/mounts/values/b.txt" },
      { name: "a", path: "root.txt" },
    ]);
    expect(
      outcome(() => helm({ fileParameters: [{ name: "a", path: "https://a.example/x?token=t" }] })),
    ).toBe("source.helm.fileParameters[0].path: is a URL; put the file into the repository");
  });
});

describe("a values file", () => {
  it.each([
    ["prod.yaml", "charts/web/prod.yaml"],
    ["./env/prod.yaml", "charts/web/env/prod.yaml"],
    ["../shared.yaml", "charts/shared.yaml"],
    ["/env/prod.yaml", "env/prod.yaml"],
    ["env/$ARGOCD_APP_NAME.yaml", "charts/web/env/web.yaml"],
    ["$ARGOCD_APP_NAME/prod.yaml", "charts/web/web/prod.yaml"],
    ["$values/prod.yaml", ".git/mounts/values/prod.yaml"],
    ["$values/env/$ARGOCD_APP_NAME.yaml", ".git/mounts/values/env/web.yaml"],
    ["$values//a/../b.yaml", ".git/mounts/values/b.yaml"],
    ["env/*.yaml", "charts/web/env/*.yaml"],
  ])("%s is at %s", (file, path) => {
    expect(valueFile(file)).toEqual({ kind: "file", path });
  });

  it.each([
    ["https://a.example/v.yaml", "https://a.example/v.yaml"],
    ["HTTP://a.example/$ARGOCD_APP_NAME.yaml", "HTTP://a.example/web.yaml"],
  ])("%s is fetched from %s", (file, url) => {
    expect(valueFile(file)).toEqual({ kind: "url", url });
  });

  // Class: paths and links.
  it.each([
    ["../../../x.yaml", 'source.helm.valueFiles[0] "../../../x.yaml": it leads out of the repository'],
    ["/../x.yaml", 'source.helm.valueFiles[0] "/../x.yaml": it leads out of the repository'],
    ["$values/../x.yaml", 'source.helm.valueFiles[0] "$values/../x.yaml": it leads out of the repository'],
    ["/", 'source.helm.valueFiles[0] "/": it names the repository\'s root; name a file'],
    [
      "$other/x.yaml",
      'source.helm.valueFiles[0] "$other/x.yaml": no source has ref: other, and no build variable is called so',
    ],
    [
      "s3://bucket/v.yaml",
      'source.helm.valueFiles[0] "s3:…": its scheme is not permitted; see helm.valuesFileSchemes of argocd-cm',
    ],
  ])("%s is refused", (file, message) => {
    expect(valueFile(file)).toBe(message);
  });

  it("cannot be fetched by a scheme that is permitted but not known", () => {
    const context = sampleContext({ schemes: ["secrets"] });
    expect(outcome(() => resolveHelmSource({ valueFiles: ["secrets://a"] }, context))).toBe(
      'source.helm.valueFiles[0] "secrets:…": only files over http and https can be fetched',
    );
    expect(outcome(() => resolveHelmSource({ valueFiles: ["https://a"] }, context))).toBe(
      'source.helm.valueFiles[0] "https:…": its scheme is not permitted; see helm.valuesFileSchemes of argocd-cm',
    );
  });
});
