import { describe, expect, it } from "vitest";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import type { Discovery, ResourceType } from "#ports/cluster.ts";
import type { RenderResult } from "#ports/renderer.ts";
import { placeDesired } from "./desired.ts";

const served: readonly ResourceType[] = [
  { group: "", version: "v1", kind: "ConfigMap", plural: "configmaps", namespaced: true },
  { group: "", version: "v1", kind: "Namespace", plural: "namespaces", namespaced: false },
  { group: "autoscaling", version: "v2", kind: "HorizontalPodAutoscaler", plural: "hpas", namespaced: true },
].map((type) => ({ ...type, verbs: [], shortNames: [] }));

const discovery: Discovery = {
  types: served,
  typeOf: (group, kind) => served.find((type) => type.group === group && type.kind === kind),
  failed: new Map(),
};

/** `apps/v1 Deployment` and its metadata. */
function object(type: string, metadata: KubeObject["metadata"], rest: JsonObject = {}): KubeObject {
  const [apiVersion = "", kind = ""] = type.split(" ");
  return { apiVersion, kind, metadata, ...rest };
}

function place(objects: readonly KubeObject[], namespace = "shop") {
  const render: RenderResult = {
    digest: "d",
    manifests: Buffer.from(JSON.stringify(objects)),
    objectCount: objects.length,
    origins: objects.map((_, index) => `f.yaml#${index + 1}`),
    sourceType: "Directory",
    cached: false,
  };
  const placed = placeDesired([{ name: "sources[0]", render }], ["abc"], {
    discovery,
    namespace,
    excludes: (key) => key.includes("excluded"),
    track: (tracked) => tracked,
  });
  return {
    keys: placed.objects.map((one) => one.key),
    problems: placed.problems.map((one) => one.message),
    objects: placed.objects.map((one) => one.read()),
    deletionHooks: placed.deletionHooks,
  };
}

describe("placing rendered objects", () => {
  it("puts namespaced objects into the destination's namespace and takes it off cluster-scoped ones", () => {
    const { keys, problems } = place([
      object("v1 ConfigMap", { name: "a" }),
      object("v1 ConfigMap", { name: "b", namespace: "own" }),
      object("v1 Namespace", { name: "own", namespace: "stray" }),
    ]);
    expect({ keys, problems }).toEqual({
      keys: ["/ConfigMap/shop/a", "/ConfigMap/own/b", "/Namespace//own"],
      problems: [],
    });
  });

  it("keeps all objects that have only a generateName", () => {
    const each = object("v1 ConfigMap", { generateName: "each-" });
    const { keys, problems } = place([each, each, each]);
    expect({ keys, problems }).toEqual({
      keys: ["/ConfigMap/shop/each-", "/ConfigMap/shop/each-#2", "/ConfigMap/shop/each-#3"],
      problems: [],
    });
  });

  it("says which hooks on deletion are among them", () => {
    const hook = (type: string) =>
      object("v1 ConfigMap", {
        name: type.toLowerCase().replaceAll(",", "-"),
        annotations: { "argocd.argoproj.io/hook": type },
      });
    expect(place([hook("PreSync"), hook("Skip,PreDelete")]).deletionHooks).toEqual([]);
    expect(place([hook("PostDelete"), hook("PreSync,PreDelete")]).deletionHooks).toEqual([
      "PostDelete",
      "PreDelete",
    ]);
  });

  it("names both places of an object that is rendered twice, and uses the last", () => {
    const { objects, problems } = place([
      object("v1 ConfigMap", { name: "a" }, { data: { from: "first" } }),
      object("v1 ConfigMap", { name: "a", namespace: "shop" }, { data: { from: "second" } }),
    ]);
    expect({ data: objects.map((one) => one["data"]), problems }).toEqual({
      data: [{ from: "second" }],
      problems: [
        "ConfigMap/a: defined in f.yaml#1 and again in f.yaml#2; the last one is used, remove one of them",
      ],
    });
  });

  it("says which version the cluster serves when Git names another", () => {
    const hpa = object("autoscaling/v2beta1 HorizontalPodAutoscaler", { name: "web" });
    expect(place([hpa]).problems).toEqual([
      "HorizontalPodAutoscaler/shop/web (f.yaml#1): the cluster does not serve autoscaling/v2beta1 HorizontalPodAutoscaler; the cluster serves it as autoscaling/v2; change apiVersion",
    ]);
  });

  it("accepts a kind that the same render defines, in the scope that it defines", () => {
    const crd = object(
      "apiextensions.k8s.io/v1 CustomResourceDefinition",
      { name: "cars.acme.dev" },
      {
        spec: { group: "acme.dev", scope: "Cluster", names: { kind: "Car" } },
      },
    );
    const { keys, problems } = place([crd, object("acme.dev/v1 Car", { name: "red" })]);
    expect({ keys: keys.slice(1), problems: problems.filter((text) => text.includes("Car/red")) }).toEqual({
      keys: ["acme.dev/Car//red"],
      problems: [],
    });
  });

  it("asks for a namespace when neither the object nor the application names one", () => {
    expect(place([object("v1 ConfigMap", { name: "a" })], "").problems).toEqual([
      "ConfigMap/a (f.yaml#1): metadata.namespace is missing and the application names no destination namespace; set spec.destination.namespace",
    ]);
  });

  it("leaves out what the settings exclude, and says so", () => {
    const { keys, problems } = place([object("v1 ConfigMap", { name: "excluded" })]);
    expect({ keys, problems }).toEqual({
      keys: [],
      problems: [
        "ConfigMap/shop/excluded (f.yaml#1): excluded by resource.exclusions or resource.inclusions of argocd-cm; it is not managed",
      ],
    });
  });
});

describe("what is still encrypted with SOPS", () => {
  const sealed = "ENC[AES256_GCM,data:YQ==,iv:YQ==,tag:YQ==,type:str]";
  const block = { sops: { mac: sealed, lastmodified: "2026-01-01T00:00:00Z" } };
  const secret = (rest: JsonObject) => object("v1 Secret", { name: "db", namespace: "shop" }, rest);

  it.each([
    ["field sops", object("v1 ConfigMap", { name: "db", namespace: "shop" }, block)],
    [
      "field sops",
      object("v1 ConfigMap", { name: "db", namespace: "shop" }, { sops: {}, data: { a: sealed } }),
    ],
    ["field stringData.password", secret({ stringData: { user: "u", password: sealed } })],
    ["field data.password", secret({ data: { password: Buffer.from(sealed).toString("base64") } })],
  ])("is never placed: %s", (field, encrypted) => {
    expect(() => place([object("v1 ConfigMap", { name: "a" }), encrypted])).toThrow(
      expect.objectContaining({
        code: "SECRET_ENCRYPTED",
        message: `${encrypted.kind}/shop/db (f.yaml#2): ${field} is still encrypted with SOPS, so it is not applied; give its key in a Secret labelled mooring.dev/secret-type=sops-keys, or annotate the object with mooring.dev/sops: keep if something in the cluster decrypts it`,
      }) as Error,
    );
  });

  it("is placed where something in the cluster decrypts it, or where it is text about SOPS", () => {
    const annotations = { "mooring.dev/sops": "keep" };
    const { keys } = place([
      object("isindir.github.com/v1alpha3 SopsSecret", { name: "a", namespace: "shop" }, block),
      object("v1 ConfigMap", { name: "b", annotations }, block),
      object("v1 ConfigMap", { name: "c" }, { data: { note: sealed } }),
      object("v1 ConfigMap", { name: "excluded" }, block),
    ]);
    expect(keys).toEqual(["isindir.github.com/SopsSecret/shop/a", "/ConfigMap/shop/b", "/ConfigMap/shop/c"]);
  });
});
