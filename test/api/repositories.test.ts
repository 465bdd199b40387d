import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { formatRepositorySecret } from "#core/repo/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { createRepository } from "../git-servers/repository.ts";
import { askRest } from "./ask.ts";
import type { RunningApi } from "./start-api.ts";
import { startApi, strangersProject } from "./start-api.ts";

let api: RunningApi;
let directory: string;
let url: string;

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "web:1"}], initContainers: [{name: init, image: "init:2"}]}
`;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "mooring-browse-"));
  const repository = await createRepository(path.join(directory, "shop.git"));
  const commit = await repository.commit({
    "chart/Chart.yaml": "apiVersion: v2\nname: chart\nversion: 1.0.0\n",
    "chart/values.yaml": "replicas: 2\nimage: {tag: '1.10'}\nhosts: [a.example, b.example]\nempty: null\n",
    "chart/values-prod.yaml": "replicas: 5\n",
    "chart/.argocd-source.yaml": "helm: {parameters: [{name: image.tag, value: '2.0'}]}\n",
    "overlay/kustomization.yaml": "resources: [deployment.yaml]\nimages: [{name: web, newTag: '7'}]\n",
    "overlay/deployment.yaml": deployment,
    "plain/deployment.yaml": deployment,
  });
  await repository.branch("next", commit);
  await repository.tag("v1.0.0", commit);
  ({ url } = repository);
  const closed = {
    ...strangersProject,
    metadata: { name: "closed", namespace: "argocd" },
    spec: { sourceRepos: ["https://elsewhere.invalid/*"] },
  };
  const secret = formatRepositorySecret({ url, password: "hunter2", username: "ada" }, "argocd");
  api = await startApi([secret, closed, strangersProject]);
});

afterAll(async () => {
  await api[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

async function browse(what: string, body?: JsonObject) {
  const verb = body === undefined ? "GET" : "POST";
  const at = `/api/v1/repositories/${encodeURIComponent(url)}/${what}`;
  const sent = body === undefined ? undefined : JSON.stringify(body);
  const { status, text } = await askRest(api.baseUrl, { verb, url: at, body: sent }, api.tokens.admin);
  expect(text).not.toContain("hunter2");
  return { status, body: JSON.parse(text) as JsonObject };
}

const details = (source: JsonObject, appProject = "default") =>
  browse("appdetails", { source: { targetRevision: "main", ...source }, appName: "web", appProject });

it("lists branches and tags", async () => {
  expect(await browse("refs")).toEqual({
    status: 200,
    body: { branches: ["main", "next"], tags: ["v1.0.0"] },
  });
});

it("finds the directories that a tool knows", async () => {
  expect(await browse("apps?revision=main&appName=web&appProject=default")).toEqual({
    status: 200,
    body: {
      items: [
        { path: "chart", type: "Helm" },
        { path: "overlay", type: "Kustomize" },
      ],
    },
  });
});

it("tells what can be set in a chart, with the overrides beside it", async () => {
  const { status, body } = await details({ path: "chart" });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    type: "Helm",
    helm: {
      valueFiles: ["values-prod.yaml", "values.yaml"],
      values: expect.stringContaining("replicas: 2") as string,
      parameters: [
        { name: "replicas", value: "2" },
        { name: "image.tag", value: "2.0" },
        { name: "hosts[0]", value: "a.example" },
        { name: "hosts[1]", value: "b.example" },
      ],
    },
  });
});

it("tells the images of a kustomization as it renders, and that a directory is one", async () => {
  expect(await details({ path: "overlay" })).toEqual({
    status: 200,
    body: { type: "Kustomize", kustomize: { images: ["init:2", "web:7"] } },
  });
  expect(await details({ path: "plain" })).toEqual({
    status: 200,
    body: { type: "Directory", directory: {} },
  });
  expect(await details({ path: "nowhere" })).toMatchObject({ status: 404 });
  expect(await details({ path: "../chart" })).toMatchObject({ status: 400 });
});

// Class: requests to inside.
it("looks at nothing that the project does not permit", async () => {
  expect(await details({ path: "chart" }, "closed")).toMatchObject({
    status: 403,
    body: { message: expect.stringContaining('is not permitted in project "closed"') as string },
  });
  expect(await details({ path: "chart" }, "nowhere")).toMatchObject({ status: 404 });
});
