import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { viewArray, viewString } from "#core/object/index.ts";
import { callApi, controlPlane } from "#test/control-plane/fixture.ts";
import {
  configMap,
  customResourceDefinition,
  deployment,
  job,
  openDefinition,
  rolloutDefinition,
} from "#test/application/manifests.ts";
import { createRepository } from "#test/git-servers/index.ts";
import type { TestCli } from "./run.ts";
import { startCli } from "./run.ts";

const byUser = [
  "discovery.lua: |",
  "  return {poke = {disabled = obj.spec.poked == true}, tell = {params = {{name = 'word'}}}}",
  "definitions:",
  "- name: poke",
  "  action.lua: |",
  "    obj.spec.poked = true",
  "    return obj",
  "- name: tell",
  "  action.lua: |",
  "    return {{operation = 'create', resource = {apiVersion = 'v1', kind = 'ConfigMap',",
  "      metadata = {name = obj.metadata.name .. '-told'}, data = {word = actionParams.word}}}}",
  "- name: fail",
  "  action.lua: return obj.status.phase",
].join("\n");

/** An Application that lists these objects of its namespace as its own. */
async function applicationWith(cli: TestCli, resources: readonly JsonObject[]): Promise<void> {
  const repository = await createRepository(join(cli.directory, "repository.git"));
  const path = `/apis/argoproj.io/v1alpha1/namespaces/${cli.namespace}/applications`;
  await callApi(controlPlane(), {
    method: "POST",
    path,
    body: {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Application",
      metadata: { name: "shop" },
      spec: {
        project: "default",
        source: { repoURL: repository.url, path: ".", targetRevision: "main" },
        destination: { server: "https://kubernetes.default.svc", namespace: cli.namespace },
      },
      status: { resources: resources.map((one) => ({ namespace: cli.namespace, ...one })) },
    },
  });
}

async function put(path: string, object: JsonObject): Promise<void> {
  await callApi(controlPlane(), {
    method: "PATCH",
    path: `${path}?fieldManager=test&force=true`,
    contentType: "application/apply-patch+yaml",
    body: object,
  });
}

/** The same for a kind that was defined just now. */
async function putSoon(path: string, object: JsonObject): Promise<void> {
  await expect.poll(() => put(path, object).then(() => "there", String), { timeout: 20_000 }).toBe("there");
}

async function define(definition: ReturnType<typeof openDefinition>): Promise<void> {
  await put(
    `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${definition.metadata.name}`,
    definition,
  );
}

function conditionsOf(object: KubeObject): readonly (readonly string[])[] {
  return viewArray(object, "status", "conditions").map((one) => [
    viewString(one, "type") ?? "",
    viewString(one, "reason") ?? "",
  ]);
}

const read = (path: string) => callApi<KubeObject>(controlPlane(), { path });

describe("actions on the objects of an application", () => {
  it(
    "are listed and run: those of Kubernetes' own kinds, and a user's in Lua",
    { timeout: 60_000 },
    async () => {
      const cli = await startCli("actions");
      const { namespace } = cli;
      const group = `g${randomBytes(4).toString("hex")}.mooring.test`;
      const definition = customResourceDefinition(group, "Poker");
      await put(`/apis/apiextensions.k8s.io/v1/customresourcedefinitions/pokers.${group}`, definition);
      await put(`/apis/apps/v1/namespaces/${namespace}/deployments/web`, deployment("web"));
      const poker = `/apis/${group}/v1/namespaces/${namespace}/pokers/one`;
      const object = {
        apiVersion: `${group}/v1`,
        kind: "Poker",
        metadata: { name: "one" },
        spec: { keep: {} },
      };
      await putSoon(poker, object);
      await put(`/api/v1/namespaces/${namespace}/configmaps/argocd-cm`, {
        ...configMap("argocd-cm", { [`resource.customizations.actions.${group}_Poker`]: byUser }),
        metadata: { name: "argocd-cm", labels: { "app.kubernetes.io/part-of": "argocd" } },
      });
      await applicationWith(cli, [
        { group: "apps", kind: "Deployment", version: "v1", name: "web" },
        { group, kind: "Poker", version: "v1", name: "one" },
      ]);

      const listed = await cli.run("app", "actions", "list", "shop");
      expect(listed.err).toBe("");
      expect(listed.out.split("\n").map((line) => line.replaceAll(/ +/gu, " "))).toEqual([
        "GROUP KIND NAME ACTION DISABLED",
        "apps Deployment web pause false",
        "apps Deployment web restart false",
        "apps Deployment web resume true",
        "apps Deployment web scale false",
        `${group} Poker one poke false`,
        `${group} Poker one tell false`,
        "",
      ]);

      const run = (...more: readonly string[]) => cli.run("app", "actions", "run", "shop", ...more);
      const restarted = await run("restart", "--kind", "Deployment");
      expect(restarted).toMatchObject({ code: 0, out: `Deployment/${namespace}/web configured\n` });
      expect(await run("scale", "--kind", "Deployment", "--param", "replicas=0")).toMatchObject({ code: 0 });
      const web = await read(`/apis/apps/v1/namespaces/${namespace}/deployments/web`);
      expect(web["spec"]).toMatchObject({
        replicas: 0,
        template: {
          metadata: {
            annotations: { "kubectl.kubernetes.io/restartedAt": expect.stringMatching(/Z$/u) as string },
          },
        },
      });

      expect(await run("poke", "--kind", "Poker")).toMatchObject({ code: 0, err: "" });
      expect((await read(poker))["spec"]).toEqual({ keep: {}, poked: true });
      expect(await run("tell", "--kind", "Poker", "--param", "word=hello")).toMatchObject({
        code: 0,
        out: `ConfigMap/${namespace}/one-told created\n`,
      });
      expect((await read(`/api/v1/namespaces/${namespace}/configmaps/one-told`))["data"]).toEqual({
        word: "hello",
      });

      const name = `resource.customizations.actions.${group}_Poker`;
      expect(await run("fail", "--kind", "Poker")).toMatchObject({
        code: 20,
        err: `mooring: action script ${name}: fail: script:1: attempt to index a non-table object(nil) with key 'phase'\n`,
      });
      const unknown = await run("dance", "--kind", "Deployment");
      expect(unknown.err).toContain('has no action "dance"\n  it has pause, restart, resume, scale');
      const nothing = await run("restart", "--kind", "DaemonSet");
      expect(nothing.err).toContain("no object of it matches");
    },
  );

  it("change a status, apart from the rest where the kind has it apart", { timeout: 90_000 }, async () => {
    const cli = await startCli("status-actions");
    const { namespace } = cli;
    const group = `g${randomBytes(4).toString("hex")}.mooring.test`;
    await define(rolloutDefinition);
    await define(openDefinition(group, "Plain"));
    const rollout = `/apis/argoproj.io/v1/namespaces/${namespace}/rollouts/web`;
    const plain = `/apis/${group}/v1/namespaces/${namespace}/plains/web`;
    const metadata = { name: "web" };
    await putSoon(rollout, {
      apiVersion: "argoproj.io/v1",
      kind: "Rollout",
      metadata,
      spec: { paused: true },
    });
    await putSoon(plain, { apiVersion: `${group}/v1`, kind: "Plain", metadata, status: { phase: "Old" } });
    await callApi(controlPlane(), {
      method: "PATCH",
      path: `${rollout}/status`,
      contentType: "application/merge-patch+json",
      body: { status: { currentPodHash: "b", stableRS: "a", pauseConditions: [{ reason: "Step" }] } },
    });
    await put(`/apis/batch/v1/namespaces/${namespace}/jobs/long`, job("long", "sleep infinity"));
    const setPhase = "obj.status.phase = 'New'; obj.spec = {seen = true}; return obj";
    const own = `mergeBuiltinActions: true\ndefinitions: [{name: mark, action.lua: "${setPhase}"}]`;
    await put(`/api/v1/namespaces/${namespace}/configmaps/argocd-cm`, {
      ...configMap("argocd-cm", {
        "resource.customizations.actions.argoproj.io_Rollout": own,
        [`resource.customizations.actions.${group}_Plain`]: own,
      }),
      metadata: { name: "argocd-cm", labels: { "app.kubernetes.io/part-of": "argocd" } },
    });
    await applicationWith(cli, [
      { group: "argoproj.io", kind: "Rollout", version: "v1", name: "web" },
      { group, kind: "Plain", version: "v1", name: "web" },
      { group: "batch", kind: "Job", version: "v1", name: "long" },
    ]);
    const run = async (action: string, kind: string) => {
      const { out, err } = await cli.run("app", "actions", "run", "shop", action, "--kind", kind);
      return out + err;
    };

    expect(await run("resume", "Rollout")).toBe(`Rollout/${namespace}/web configured\n`);
    const resumed = await read(rollout);
    expect([resumed["spec"], resumed["status"]]).toEqual([
      { paused: false },
      { currentPodHash: "b", stableRS: "a" },
    ]);
    expect(await run("abort", "Rollout")).toContain("configured");
    expect((await read(rollout))["status"]).toMatchObject({ abort: true });

    const marked = { spec: { seen: true }, status: { phase: "New" } };
    for (const [kind, path] of [
      ["Rollout", rollout],
      ["Plain", plain],
    ] as const) {
      expect(await run("mark", kind)).toBe(`${kind}/${namespace}/web configured\n`);
      expect(await read(path)).toMatchObject(marked);
    }

    const long = `/apis/batch/v1/namespaces/${namespace}/jobs/long`;
    await expect
      .poll(async () => (await read(long))["status"], { timeout: 20_000 })
      .toMatchObject({ active: 1 });
    expect(await run("terminate", "Job")).toBe(`Job/${namespace}/long configured\n`);
    await expect
      .poll(async () => conditionsOf(await read(long)), { timeout: 30_000 })
      .toContainEqual(["Failed", "ManuallyTerminated"]);
  });
});
