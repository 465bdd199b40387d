import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HelmSource, Renderer, RenderRequest } from "#ports/renderer.ts";
import { describeRenderer } from "#test/contracts/renderer.ts";
import { createMemoryFetcher } from "#test/fixtures/memory-fetcher.ts";
import { createMemoryTree } from "#test/fixtures/memory-tree.ts";
import type { Files } from "#test/fixtures/render-requests.ts";
import {
  chartFile,
  configMap,
  helm,
  objectsIn,
  requestFor,
  valuesIn,
} from "#test/fixtures/render-requests.ts";
import { startRenderer } from "./renderer.ts";

describeRenderer("helm", {
  start: () => startRenderer({ workers: 1 }),
  source: helm,
  sourceType: "Helm",
  filesFor: (names) => ({
    "Chart.yaml": chartFile(),
    ...Object.fromEntries(names.map((name) => [`templates/${name}.yaml`, configMap(name)])),
  }),
  brokenFiles: { "Chart.yaml": chartFile(), "templates/a.yaml": "{{ .Values.a.b }}" },
});

let renderer: Renderer;
beforeAll(async () => {
  renderer = await startRenderer({ workers: 1, seedSecret: "test" });
});
afterAll(() => renderer[Symbol.asyncDispose]());

const chart: Files = {
  "app/Chart.yaml": chartFile(),
  "app/values.yaml": "color: chart\n",
  "app/templates/a.yaml": configMap("a", '"{{ .Values.color }}"'),
};

const render = (files: Files, source: Partial<HelmSource> = {}, rest: Partial<RenderRequest> = {}) =>
  renderer.render(requestFor(files, { source: { ...helm, ...source }, ...rest }));

const colorWith = async (files: Files, source: Partial<HelmSource>, rest: Partial<RenderRequest> = {}) =>
  valuesIn(await render({ ...chart, ...files }, source, rest))["a"];

describe("a chart", () => {
  it("gives what helm template prints, in its order, each object with its template", async () => {
    const result = await render({
      "app/Chart.yaml": chartFile(),
      "app/crds/crd.yaml":
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: c\n",
      "app/templates/b.yaml": `${configMap("{{ .Release.Name }}-b")}---\n${configMap("second")}`,
      "app/templates/a.yaml":
        "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: a\n  namespace: {{ .Release.Namespace }}\n",
      "app/templates/NOTES.txt": "thanks",
    });
    expect(
      objectsIn(result).map((object) => (object as { metadata: { name: string } }).metadata.name),
    ).toEqual(["c", "a", "shop-b", "second"]);
    expect(result.origins).toEqual([
      "shop/crds/crd.yaml#1",
      "shop/templates/a.yaml#1",
      "shop/templates/b.yaml#1",
      "shop/templates/b.yaml#2",
    ]);
  });

  it("leaves out CRDs and tests when told", async () => {
    const files: Files = {
      ...chart,
      "app/crds/crd.yaml":
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: c\n",
      "app/templates/test.yaml":
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: t\n  annotations:\n    helm.sh/hook: test\n",
    };
    const kindsOf = async (source: Partial<HelmSource>) =>
      objectsIn(await render(files, source)).map((object) => (object as { kind: string }).kind);
    expect(await kindsOf({})).toEqual(["CustomResourceDefinition", "ConfigMap", "Pod"]);
    expect(await kindsOf({ skipCrds: true, skipTests: true })).toEqual(["ConfigMap"]);
  });

  it("takes the last of a key that a template sets twice, as Argo CD does", async () => {
    const twice = `${configMap("a")}  value: "2"\n`;
    expect(valuesIn(await render({ ...chart, "app/templates/a.yaml": twice }))).toEqual({ a: "2" });
  });

  it("knows the Kubernetes version and the API versions that it is told", async () => {
    const template =
      '"{{ .Capabilities.KubeVersion }} {{ .Capabilities.APIVersions.Has "shop.example.com/v1/Cart" }}"';
    const files = { ...chart, "app/templates/a.yaml": configMap("a", template) };
    const source = { kubeVersion: "v1.33.1", apiVersions: ["shop.example.com/v1/Cart"] };
    expect(valuesIn(await render(files, source))).toEqual({ a: "v1.33.1 true" });
  });

  it("names the template and the line of a failure", async () => {
    const files = { ...chart, "app/templates/a.yaml": "\n{{ .Values.none.deeper }}\n" };
    await expect(render(files)).rejects.toMatchObject({
      code: "RENDER_INVALID",
      message: expect.stringContaining("shop/templates/a.yaml:2") as string,
    });
  });

  // Class: paths and links.
  it("links to files elsewhere in the repository, but not out of it", async () => {
    const link = { "app/templates/b.yaml": { symlink: "../../shared/b.yaml" } };
    const files = { ...chart, ...link, "shared/b.yaml": configMap("b", "{{ .Release.Name }}") };
    expect(valuesIn(await render(files))).toEqual({ a: "chart", b: "shop" });
    await expect(
      render({ ...chart, "app/templates/b.yaml": { symlink: "../../../etc/passwd" } }),
    ).rejects.toMatchObject({
      code: "RENDER_INVALID",
      message:
        "app/templates/b.yaml: symbolic link leads out of the repository; replace it by a copy of the file or exclude it",
    });
  });
});

describe("values", () => {
  it("override the chart's, later ones win, parameters win over all", async () => {
    const files = { "env/one.yaml": "color: one\n", "env/two.yaml": "color: two\n" };
    const one = { kind: "file", path: "env/one.yaml" } as const;
    const two = { kind: "file", path: "env/two.yaml" } as const;
    const text = { kind: "text", text: "color: text\n" } as const;
    expect(await colorWith(files, { values: [] })).toBe("chart");
    expect(await colorWith(files, { values: [one, two] })).toBe("two");
    expect(await colorWith(files, { values: [two, one, text] })).toBe("text");
    const parameters = [{ name: "color", value: "parameter", forceString: false }];
    expect(await colorWith(files, { values: [text], parameters })).toBe("parameter");
    const fileParameters = [{ name: "color", path: "env/color.txt" }];
    expect(await colorWith({ "env/color.txt": "from a file" }, { fileParameters })).toBe("from a file");
  });

  it("come from the matches of a glob in byte order", async () => {
    const files = {
      "env/a/values.yaml": "color: a\n",
      "env/b/values.yaml": "color: b\n",
      "env/b/deep/values.yaml": "color: deep\n",
    };
    const colorOf = (path: string) => colorWith(files, { values: [{ kind: "file", path }] });
    expect(await colorOf("env/*/values.yaml")).toBe("b");
    expect(await colorOf("env/**/values.yaml")).toBe("b");
    expect(await colorOf("env/b/**/v*.yaml")).toBe("b");
    expect(await colorOf("env/{a,none}/values.yaml")).toBe("a");
  });

  it("that are missing are an error which names the file, unless they may be missing", async () => {
    for (const [path, problem] of [
      ["env/none.yaml", "values file does not exist"],
      ["env/none-*.yaml", "matches no values file"],
    ] as const) {
      const values = [{ kind: "file", path }] as const;
      await expect(colorWith({}, { values })).rejects.toMatchObject({
        code: "RENDER_INVALID",
        message: `${path}: ${problem}; correct helm.valueFiles, or set helm.ignoreMissingValueFiles`,
      });
      expect(await colorWith({}, { values, ignoreMissingValueFiles: true })).toBe("chart");
    }
  });

  it("come from another repository that is mounted, and from nowhere beside it", async () => {
    const mounts = [{ name: "values", tree: createMemoryTree({ "prod/values.yaml": "color: prod\n" }) }];
    const from = (path: string) =>
      colorWith({}, { values: [{ kind: "file", path: `.git/mounts/values/${path}` }] }, { mounts });
    expect(await from("prod/values.yaml")).toBe("prod");
    await expect(from("../../../app/values.yaml")).rejects.toMatchObject({
      code: "RENDER_INVALID",
      message:
        "$values/../../../app/values.yaml: path leads out of the repository; nothing outside of it can be read",
    });
  });

  it("come from a URL", async () => {
    const url = "https://files.example.com/values.yaml";
    const fetcher = createMemoryFetcher({ [url]: { "values.yaml": "color: remote\n" } });
    expect(await colorWith({}, { values: [{ kind: "url", url }] }, { fetcher })).toBe("remote");
  });
});

describe("what a chart generates at random", () => {
  const files: Files = {
    ...chart,
    "app/templates/a.yaml": configMap("a", '"{{ randAlphaNum 20 }} {{ now | unixEpoch }}"'),
  };
  const passwordIn = async (rest: Partial<RenderRequest>, beside = "") =>
    valuesIn(await render({ ...files, "app/beside": beside }, {}, rest))["a"];

  it("stays the same when the chart is rendered again, at a fixed time", async () => {
    const first = await passwordIn({}, "1");
    expect(first).toMatch(/^\w{20} 1767225600$/);
    expect(await passwordIn({}, "2")).toBe(first);
  });

  it("differs between releases, scopes and installations", async () => {
    await using other = await startRenderer({ workers: 1, seedSecret: "another" });
    const passwords = [
      await passwordIn({}),
      await passwordIn({ source: { ...helm, releaseName: "other" } }),
      await passwordIn({ scope: "team-a" }),
      await passwordIn({ scope: "team-b" }),
      valuesIn(await other.render(requestFor(files)))["a"],
    ];
    expect(new Set(passwords).size).toBe(passwords.length);
  });
});

describe("a chart is rendered again only when something that it read changed", () => {
  const source: Partial<HelmSource> = {
    ignoreMissingValueFiles: true,
    values: [
      { kind: "file", path: "env/prod.yaml" },
      { kind: "file", path: "env/missing.yaml" },
      { kind: "file", path: "env/more-*.yaml" },
    ],
  };
  const files: Files = { ...chart, "env/prod.yaml": "color: prod\n", "env/test.yaml": "color: test\n" };
  const wasCached = async (changed: Files) => (await render({ ...files, ...changed }, source)).cached;

  it.each<[string, Files, boolean]>([
    ["a file beside the chart", { "other/x.yaml": "1" }, true],
    ["another values file", { "env/test.yaml": "color: other\n" }, true],
    ["the values file outside of the chart", { "env/prod.yaml": "color: changed\n" }, false],
    ["a values file that begins to exist", { "env/missing.yaml": "color: new\n" }, false],
    ["a values file that begins to match the glob", { "env/more-1.yaml": "color: new\n" }, false],
    ["a template", { "app/templates/a.yaml": configMap("a", "2") }, false],
    ["a new template", { "app/templates/new.yaml": configMap("new") }, false],
  ])("%s", async (_, changed, cached) => {
    await wasCached({});
    expect(await wasCached(changed)).toBe(cached);
  });

  it("asks few questions of an unchanged tree", async () => {
    await wasCached({});
    const tree = createMemoryTree({ ...files, "other/x.yaml": "2" });
    const { cached } = await renderer.render(requestFor(files, { tree, source: { ...helm, ...source } }));
    expect([cached, tree.calls]).toEqual([
      true,
      ["stat app", "stat env/prod.yaml", "stat env/missing.yaml", "stat env"],
    ]);
  });
});

describe("a chart that depends on others", () => {
  const repository = "https://charts.example.com";
  const dependency = (value: string): Files => ({
    "Chart.yaml": chartFile("redis"),
    "templates/r.yaml": configMap("redis", value),
  });
  const files: Files = {
    ...chart,
    "app/Chart.yaml": chartFile(
      "shop",
      `dependencies:\n- name: redis\n  version: 1.x\n  repository: ${repository}\n`,
    ),
  };
  const fetcherOf = (value: string) => createMemoryFetcher({ [`${repository}/redis`]: dependency(value) });

  it("gets them fetched, and is rendered again when they moved", async () => {
    const result = await render(files, {}, { fetcher: fetcherOf("one") });
    expect([valuesIn(result), result.cached]).toEqual([{ a: "chart", redis: "one" }, false]);
    const same = fetcherOf("one");
    expect((await render(files, {}, { fetcher: same })).cached).toBe(true);
    expect(same.calls).toEqual([`resolve ${repository}/redis`]);
    const moved = await render(files, {}, { fetcher: fetcherOf("two") });
    expect([valuesIn(moved)["redis"], moved.cached]).toEqual(["two", false]);
  });

  it("says so when nobody can fetch them", async () => {
    await expect(render(files, {}, { scope: "nobody" })).rejects.toMatchObject({
      code: "RENDER_UNSUPPORTED",
      message: "chart redis 1.x: remote sources cannot be fetched here; put a copy into the repository",
    });
  });

  it("passes on why one cannot be fetched, and asks again next time", async () => {
    const empty = createMemoryFetcher({});
    for (const times of [1, 2]) {
      await expect(render(files, {}, { fetcher: empty, scope: "empty" })).rejects.toMatchObject({
        code: "GIT_NOT_FOUND",
      });
      expect(empty.calls).toHaveLength(times);
    }
  });

  it("is not served to another scope", async () => {
    const fetcher = fetcherOf("one");
    await render(files, {}, { fetcher, scope: "team-a" });
    expect((await render(files, {}, { fetcher, scope: "team-a" })).cached).toBe(true);
    expect((await render(files, {}, { fetcher, scope: "team-b" })).cached).toBe(false);
  });
});

describe("the schema of a chart's values", () => {
  const url = "https://schemas.example.com/number.json";
  const files = (reference: string): Files => ({
    "app/Chart.yaml": chartFile(),
    "app/values.yaml": "a: text\n",
    "app/values.schema.json": `{"properties": {"a": {"$ref": "${reference}"}}}`,
  });
  const fetcher = createMemoryFetcher({ [url]: { "number.json": '{"type": "number"}' } });

  it("may refer to another one, which is fetched as values files are", async () => {
    await expect(render(files(url), {}, { fetcher })).rejects.toMatchObject({
      code: "RENDER_INVALID",
      message: expect.stringContaining("got string, want number") as string,
    });
  });

  it("reads no file of the machine", async () => {
    await expect(render(files("file:///etc/passwd"), {}, { fetcher })).rejects.toMatchObject({
      code: "RENDER_INVALID",
      message: expect.stringContaining('no URLLoader registered for "file:///etc/passwd"') as string,
    });
  });
});
