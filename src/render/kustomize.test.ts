import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { KustomizeSource, Renderer, RenderRequest } from "#ports/renderer.ts";
import { describeRenderer } from "#test/contracts/renderer.ts";
import { createMemoryFetcher } from "#test/fixtures/memory-fetcher.ts";
import type { Files } from "#test/fixtures/render-requests.ts";
import {
  chartFile,
  configMap,
  kustomize,
  objectsIn,
  requestFor,
  valuesIn,
} from "#test/fixtures/render-requests.ts";
import { startRenderer } from "./renderer.ts";

describeRenderer("kustomize", {
  start: () => startRenderer({ workers: 1 }),
  source: kustomize,
  sourceType: "Kustomize",
  filesFor: (names) => ({
    "kustomization.yaml": `resources: [${names.map((name) => `${name}.yaml`).join(", ")}]\n`,
    ...Object.fromEntries(names.map((name) => [`${name}.yaml`, configMap(name)])),
  }),
  brokenFiles: { "kustomization.yaml": "resources: [none.yaml]\n" },
});

let renderer: Renderer;
beforeAll(async () => {
  renderer = await startRenderer({ workers: 1 });
});
afterAll(() => renderer[Symbol.asyncDispose]());

const render = (files: Files, rest: Partial<RenderRequest> = {}) =>
  renderer.render(requestFor(files, { source: kustomize, ...rest }));
const withSource = (source: Partial<KustomizeSource>) => ({ source: { ...kustomize, ...source } });

const shop: Files = {
  "base/kustomization.yaml": "resources: [a.yaml]\n",
  "base/a.yaml": configMap("a", "base"),
  "apps/one/kustomization.yaml": "resources: [../../base]\nnamePrefix: one-\n",
  "apps/two/kustomization.yaml": "resources: [../../base]\nnamePrefix: two-\n",
  "apps/own/kustomization.yaml": "resources: [b.yaml]\n",
  "apps/own/b.yaml": configMap("b", "own"),
};

describe("a kustomization", () => {
  it("gives what kustomize build prints", async () => {
    expect(valuesIn(await render(shop, { path: "apps/one" }))).toEqual({ "one-a": "base" });
  });

  it("is built anew when a base changes that it had in common with the one built before it", async () => {
    const files = {
      ...shop,
      "base/b.yaml": configMap("b"),
      "base/kustomization.yaml": "resources: [a.yaml, b.yaml]\n",
    };
    await render(files, { path: "apps/one" });
    expect(valuesIn(await render(files, { path: "apps/two" }))).toEqual({
      "two-a": "base",
      "two-b": "plain",
    });
    const changed = { ...files, "base/a.yaml": configMap("a", "changed") };
    expect(valuesIn(await render(changed, { path: "apps/two" }))).toEqual({
      "two-a": "changed",
      "two-b": "plain",
    });
    expect(valuesIn(await render(files, { path: "apps/one" }))).toEqual({
      "one-a": "base",
      "one-b": "plain",
    });
  });

  it("is edited as kustomize edit would before it is built", async () => {
    const edits = { namePrefix: "edited-", namespace: "store", commonLabels: { team: "a" } };
    expect(objectsIn(await render(shop, { path: "apps/own", ...withSource({ edits }) }))).toEqual([
      {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "edited-b", namespace: "store", labels: { team: "a" } },
        data: { value: "own" },
      },
    ]);
  });

  it("renders charts of its own when told so", async () => {
    const files: Files = {
      "app/kustomization.yaml": "helmCharts:\n- name: shop\n  releaseName: r\n",
      "app/charts/shop/Chart.yaml": chartFile(),
      "app/charts/shop/values.yaml": "{}\n",
      "app/charts/shop/templates/a.yaml": configMap("{{ .Release.Name }}"),
    };
    const buildOptions = { ...kustomize.buildOptions, enableHelm: true };
    expect(valuesIn(await render(files, withSource({ buildOptions })))).toEqual({ r: "plain" });
    await expect(render(files)).rejects.toMatchObject({ code: "RENDER_INVALID" });
  });

  it("reads nothing outside of its directory unless it is a base", async () => {
    const files: Files = {
      "app/kustomization.yaml": "resources: [../other/c.yaml]\n",
      "other/c.yaml": configMap("c"),
    };
    await expect(render(files)).rejects.toMatchObject({ code: "RENDER_INVALID" });
    const buildOptions = { ...kustomize.buildOptions, loadRestrictor: "none" } as const;
    expect(valuesIn(await render(files, withSource({ buildOptions })))).toEqual({ c: "plain" });
  });

  it("does not follow links out of the repository", async () => {
    const files: Files = {
      "app/kustomization.yaml": "resources: [link.yaml]\n",
      "app/link.yaml": { symlink: "../../etc/passwd" },
    };
    await expect(render(files)).rejects.toMatchObject({
      code: "RENDER_INVALID",
      message: expect.stringContaining("app/link.yaml: symbolic link leads out of the repository") as string,
    });
  });
});

describe("a shared base", () => {
  it("makes exactly those who use it render again", async () => {
    const paths = ["apps/one", "apps/two", "apps/own"];
    const cachedIn = async (files: Files) => {
      const cached: string[] = [];
      for (const path of paths) if ((await render(files, { path })).cached) cached.push(path);
      return cached;
    };
    await cachedIn(shop);
    expect(await cachedIn({ ...shop, "beside.txt": "1" })).toEqual(paths);
    expect(await cachedIn({ ...shop, "base/a.yaml": configMap("a", "changed") })).toEqual(["apps/own"]);
  });
});

describe("a remote base", () => {
  const url = "https://git.example.com/bases.git";
  const files: Files = { "app/kustomization.yaml": `resources: ["${url}//shop?ref=v1"]\n` };
  const fetcherOf = (value: string) =>
    createMemoryFetcher({
      [url]: {
        "shop/kustomization.yaml": "resources: [r.yaml, ../common]\n",
        "shop/r.yaml": configMap("remote", value),
        "common/kustomization.yaml": "resources: [c.yaml]\n",
        "common/c.yaml": configMap("common"),
      },
    });

  it("is fetched, and a tag that moved is seen without fetching it", async () => {
    expect(valuesIn(await render(files, { fetcher: fetcherOf("one") }))).toEqual({
      remote: "one",
      common: "plain",
    });
    const same = fetcherOf("one");
    expect((await render({ ...files, "b.txt": "" }, { fetcher: same })).cached).toBe(true);
    expect(same.calls).toEqual([`resolve ${url}`]);
    const moved = await render(files, { fetcher: fetcherOf("two") });
    expect([moved.cached, valuesIn(moved)]).toEqual([false, { remote: "two", common: "plain" }]);
  });

  it("is named by its address in messages", async () => {
    const fetcher = createMemoryFetcher({ [url]: { "shop/kustomization.yaml": "resources: [none.yaml]\n" } });
    await expect(render(files, { fetcher, scope: "broken" })).rejects.toMatchObject({
      code: "RENDER_INVALID",
      message: expect.stringContaining(`${url}/shop/none.yaml`) as string,
    });
  });

  it("cannot reach what links point to outside of its repository", async () => {
    const fetcher = createMemoryFetcher({
      [url]: {
        "shop/kustomization.yaml": "resources: [r.yaml]\n",
        "shop/r.yaml": { symlink: "../../../../app/secret.yaml" },
      },
    });
    await expect(
      render({ ...files, "app/secret.yaml": configMap("secret") }, { fetcher, scope: "escape" }),
    ).rejects.toMatchObject({
      code: "RENDER_INVALID",
      message: expect.stringContaining("symbolic link leads out of the repository") as string,
    });
  });

  it.each([
    ["chartHome", "helmGlobals: {chartHome: ../../../..}\nhelmCharts: [{name: own, valuesFile: v.yaml}]\n"],
    ["an absolute chartHome", "helmGlobals: {chartHome: /}\nhelmCharts: [{name: own, valuesFile: v.yaml}]\n"],
    ["the name of a chart", "helmCharts: [{name: ../../../../../own, valuesFile: v.yaml}]\n"],
    ["a dependency of its chart", "helmCharts: [{name: local}]\n"],
  ])("cannot render charts of the repository that names it by %s", async (name, kustomization) => {
    const dependency = "{name: own, version: 1.0.0, repository: file://../../../../../../own}";
    const fetcher = createMemoryFetcher({
      [url]: {
        "shop/kustomization.yaml": kustomization,
        "shop/v.yaml": "",
        "shop/charts/local/Chart.yaml": chartFile("local", `dependencies: [${dependency}]\n`),
        "shop/charts/local/values.yaml": "",
      },
    });
    const own = { "own/Chart.yaml": chartFile("own"), "own/templates/a.yaml": configMap("own") };
    const source = withSource({ buildOptions: { ...kustomize.buildOptions, enableHelm: true } });
    await expect(render({ ...files, ...own }, { ...source, fetcher, scope: name })).rejects.toMatchObject({
      code: "RENDER_INVALID",
      message: expect.stringContaining("outside of the repository") as string,
    });
  });
});
