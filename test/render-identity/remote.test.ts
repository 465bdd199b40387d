import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createRepository, startGitHttpServer } from "#test/git-servers/index.ts";
import { listenOnLoopback } from "#test/git-servers/loopback.ts";
import type { Tree } from "./answer.ts";
import type { Case } from "./cases.ts";
import { difference } from "./compare.ts";
import { startEngineForms } from "./engines.ts";
import { executeOfficial, resolveTools, type Tools } from "./official.ts";
import type { Engine } from "./reply.ts";

type Files = Readonly<Record<string, string>>;

const run = promisify(execFile);
const stack = new AsyncDisposableStack();
const say = (line: string) => void process.stderr.write(`render identity: ${line}\n`);
let root: string;
let tools: Tools;
let engine: Engine;
/** URLs of a Git repository, and of a server of files that has a chart repository in `charts/`. */
let git: string;
let http: string;
let mounts: NonNullable<Tree["mounts"]>;

const configMap = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "mooring-remote-"));
  stack.defer(() => rm(root, { recursive: true, force: true }));
  tools = await resolveTools(say);
  engine = stack.use(await startEngineForms.native(say));
  const gitServer = stack.use(await startGitHttpServer({ root: join(root, "git") }));
  git = `${gitServer.url}/bases.git`;
  http = await serveFiles(join(root, "files"));
  const main: Files = {
    "kustomization.yaml": "resources: [app]\nnamePrefix: root-\n",
    "app/kustomization.yaml": "resources: [a.yaml, ../shared]\n",
    "app/a.yaml": configMap("first"),
    "shared/kustomization.yaml": "configMapGenerator:\n- name: shared\n  files: [data.txt]\n",
    "shared/data.txt": "some text\n",
    "component/kustomization.yaml":
      "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnameSuffix: -c\n",
    "chain/kustomization.yaml": `resources:\n- ${git}//app?ref=v2\nnamePrefix: chain-\n`,
  };
  const second: Files = { ...main, "app/a.yaml": configMap("second") };
  const repository = await createRepository(join(root, "git/bases.git"));
  await repository.tag("v2", await repository.commit(second));
  await repository.commit(main);
  await writeFiles(join(root, "main"), main);
  await writeFiles(join(root, "v2"), second);
  await writeFiles(join(root, "files"), { "plain.yaml": configMap("plain") });
  await publishCharts();
  mounts = [
    { source: { kind: "git", url: git, revision: "v2" }, directory: join(root, "v2") },
    { source: { kind: "git", url: git }, directory: join(root, "main") },
    { source: { kind: "file" }, directory: join(root, "files/plain.yaml") },
    { source: { kind: "chart", name: "cache" }, directory: join(root, "cache") },
  ];
}, 1_200_000);

afterAll(() => stack.disposeAsync());

async function serveFiles(directory: string): Promise<string> {
  const server = createServer((request, response) => {
    void readFile(join(directory, request.url ?? "")).then(
      (content) => response.end(content),
      () => response.writeHead(404).end(),
    );
  });
  const { port, close } = await listenOnLoopback(server);
  stack.defer(close);
  return `http://127.0.0.1:${port}`;
}

async function publishCharts(): Promise<void> {
  await writeFiles(join(root, "cache"), {
    "Chart.yaml": "apiVersion: v2\nname: cache\nversion: 1.2.3\n",
    "values.yaml": "size: 1\n",
    "templates/c.yaml": "name: {{ .Chart.Name }}\nsize: {{ .Values.size }}\n",
  });
  const charts = join(root, "files/charts");
  await mkdir(charts, { recursive: true });
  const env = { ...process.env, HOME: root };
  await run(tools.helm, ["package", join(root, "cache"), "-d", charts], { env });
  await run(tools.helm, ["repo", "index", charts], { env });
}

async function writeFiles(directory: string, files: Files): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), content);
  }
}

async function differs(
  files: Files,
  one: Omit<Case, "name" | "words" | "mask">,
): Promise<string | undefined> {
  const directory = await mkdtemp(join(root, "tree-"));
  await writeFiles(directory, files);
  const whole: Case = { name: "", words: [], mask: [], ...one };
  const official = await executeOfficial(tools, { name: "", directory, cases: [] }, whole);
  return difference(whole, official, await engine.render(one.request, { directory, mounts }));
}

function kustomize(text: string, fails = false): Promise<string | undefined> {
  const request = { render: "kustomize", path: "", edits: {}, buildOptions: {} };
  return differs(
    { "kustomization.yaml": text },
    { tool: "kustomize", request, cli: ["."], prepare: [], fails },
  );
}

it.each([
  ["a directory at a branch", () => `resources: ["${git}//app?ref=main"]\n`],
  ["a directory at HEAD", () => `resources: ["${git}//app"]\nnamePrefix: p-\n`],
  ["a directory at a tag", () => `resources: ["${git}//app?ref=v2"]\n`],
  ["the root of a repository", () => `resources: ["${git}?ref=main"]\n`],
  ["a repository that names another", () => `resources: ["${git}//chain?ref=main"]\n`],
  ["one directory of a repository twice", () => `resources: ["${git}//app", "${git}//shared"]\n`],
  [
    "a component",
    () => `components: ["${git}//component?ref=main"]\nconfigMapGenerator: [{name: g, literals: [a=1]}]\n`,
  ],
  ["a base of old", () => `bases: ["${git}//shared"]\n`],
  ["a file over HTTP", () => `resources: ["${http}/plain.yaml"]\nnameSuffix: -s\n`],
  ["origins", () => `resources: ["${git}//app?ref=main"]\nbuildMetadata: [originAnnotations]\n`],
])("builds %s as the official tool does", async (_, text) => {
  const what = text();
  expect(await kustomize(what, what.includes("//shared") && what.includes("//app"))).toBe(undefined);
});

it.each([
  ["a directory that is not there", () => `resources: ["${git}//gone?ref=main"]\n`],
  ["a component as a resource", () => `resources: ["${git}//component?ref=main"]\n`],
])("refuses %s as the official tool does", async (_, text) => {
  expect(await kustomize(text(), true)).toBe(undefined);
});

it.each([
  ["an exact version", "1.2.3", ""],
  ["a range", "^1.0.0", ""],
  ["an alias", "1.x", ", alias: store"],
  ["a condition that is off", "1.2.3", ", condition: cache.on"],
])("renders a dependency of a chart repository by %s as helm does", async (_, version, more) => {
  const files = {
    "chart/Chart.yaml": `apiVersion: v2\nname: app\nversion: 0.1.0\ndependencies:\n- {name: cache, version: "${version}", repository: "${http}/charts"${more}}\n`,
    "chart/values.yaml": "cache: {on: false, size: 2}\nstore: {size: 3}\n",
    "chart/templates/a.yaml": "app: {{ keys .Subcharts }}\n",
  };
  const request = {
    render: "helm",
    path: "chart",
    releaseName: "demo",
    namespace: "apps",
  };
  const prepare = [
    ["repo", "add", "local", `${http}/charts`],
    ["dependency", "build", "chart"],
  ];
  const cli = ["demo", "chart", "--namespace", "apps"];
  expect(await differs(files, { tool: "helm", request, cli, prepare, fails: false })).toBe(undefined);
});
