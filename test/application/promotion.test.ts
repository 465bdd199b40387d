import { join } from "node:path";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import type { PipelineStatus, Promotion, StageStatus } from "#core/promotion/index.ts";
import { approve, parsePipeline, parsePromotion } from "#core/promotion/index.ts";
import { promote, rollback } from "#engine/promotion-requests/index.ts";
import { readKubeconfig, startCluster } from "#kube/index.ts";
import { startGitSshServer } from "#test/git-servers/index.ts";
import { expect } from "vitest";
import { callApi, eventually, newHub, plainIt as it } from "./fixture.ts";
import type { TestHub } from "./fixture.ts";

const patiently = { timeoutMs: 60_000 };
const { signal } = new AbortController();
const configMap = (color: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {color: ${color}}\n`;

interface OnHub {
  readonly hub: TestHub;
  readonly path: (kind: "pipelines" | "promotions", name?: string) => string;
}

async function read<T>({ hub, path }: OnHub, kind: "pipelines" | "promotions", name: string): Promise<T> {
  return await callApi<T>(hub.access, { path: path(kind, name) });
}

async function stageOf(on: OnHub, name: string): Promise<StageStatus | undefined> {
  const { status } = await read<{ readonly status?: PipelineStatus }>(on, "pipelines", "shop");
  return status?.stages?.find((stage) => stage.name === name);
}

async function phaseOf(on: OnHub, name: string, phase: string): Promise<Promotion> {
  return await eventually(async () => {
    const promotion = parsePromotion(await read<KubeObject>(on, "promotions", name));
    expect(`${promotion.status.phase}: ${promotion.status.message}`).toMatch(new RegExp(`^${phase}:`, "u"));
    return promotion;
  }, patiently);
}

it("on a real control plane and over SSH: main to prod with an approval, and back by a revert with a hold", async (context) => {
  const hub = await newHub(context);
  const server = await startGitSshServer({ directory: join(hub.directory, "sshd") });
  context.onTestFinished(async () => server[Symbol.asyncDispose]());
  const dev = await hub.app("dev", { files: { "web.yaml": configMap("blue") }, automated: true });
  const { repository } = dev;
  await repository.branch("prod", await repository.git("rev-parse", "main"));
  const url = `${server.url}${repository.directory}`;
  await hub.create({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "git", labels: { "argocd.argoproj.io/secret-type": "repository" } },
    stringData: { type: "git", url, sshPrivateKey: server.privateKey, insecure: "true" },
  });
  const from = (targetRevision: string) => ({ repoURL: url, path: ".", targetRevision });
  await dev.patch({ spec: { source: from("main") } });
  const prod = await hub.app("prod", { automated: true, repository, source: from("prod") });
  const on: OnHub = {
    hub,
    path: (kind, name) =>
      `/apis/mooring.dev/v1alpha1/namespaces/${hub.namespace}/${kind}${name === undefined ? "" : `/${name}`}`,
  };
  const pipeline: JsonObject = {
    apiVersion: "mooring.dev/v1alpha1",
    kind: "Pipeline",
    metadata: { name: "shop" },
    spec: {
      repoURL: url,
      interval: "1s",
      stages: [
        { name: "dev", branch: "main", applications: [dev.name] },
        {
          name: "prod",
          branch: "prod",
          applications: [prod.name],
          gates: [{ approvals: { required: 1, rollbacks: "waived" } }],
        },
      ],
    },
  };
  await callApi(hub.access, {
    method: "POST",
    path: `${on.path("pipelines")}?fieldValidation=Strict`,
    body: pipeline,
  });
  await hub.start();
  await eventually(
    async () => expect(await stageOf(on, "prod")).toMatchObject({ verified: true }),
    patiently,
  );

  const second = await repository.change({ "web.yaml": configMap("green") });
  await eventually(
    async () => expect((await stageOf(on, "prod"))?.candidate).toMatchObject({ revision: second }),
    patiently,
  );
  const { connection } = await readKubeconfig({ env: {}, path: hub.access.kubeconfigPath });
  await using cluster = startCluster(connection, { keepFresh: false });
  const place = { cluster, fieldManager: "test", signal };
  const at = new Date().toISOString();
  const person = { username: "pia", groups: [] };
  const parsed = async () => parsePipeline(await read<KubeObject>(on, "pipelines", "shop"));
  const asked = await promote(place, await parsed(), { stage: "prod", revision: "", reason: "", person, at });
  const name = asked.metadata.name ?? "";
  const waiting = await phaseOf(on, name, "Waiting");
  const { stages } = await parsed();
  const digest = waiting.status.plan?.digest ?? "";
  const ann = { person: { username: "ann", groups: [] }, digest, at };
  await callApi(hub.access, {
    method: "PATCH",
    path: `${on.path("promotions", name)}/status`,
    contentType: "application/merge-patch+json",
    body: approve(waiting, stages[1]?.gates ?? [], ann) ?? {},
  });
  await phaseOf(on, name, "Succeeded");
  expect((await prod.live("configmaps/web"))?.["data"]).toEqual({ color: "green" });

  const back = await rollback(place, await parsed(), {
    stage: "prod",
    to: "",
    reason: "too green",
    person,
    at,
  });
  await phaseOf(on, back.metadata.name ?? "", "Succeeded");
  expect((await prod.live("configmaps/web"))?.["data"]).toEqual({ color: "blue" });
  expect((await stageOf(on, "prod"))?.hold).toMatchObject({ revisions: [second], reason: "too green" });
  expect(await repository.git("log", "-1", "--format=%B", "prod")).toContain(
    `This reverts commit ${second}.`,
  );
});
