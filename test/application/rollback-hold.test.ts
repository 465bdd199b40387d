import { rename } from "node:fs/promises";
import { describe, expect } from "vitest";
import type { AppProjectSpec } from "#core/project/index.ts";
import { createNamespace } from "../control-plane/fixture.ts";
import { inCluster } from "./application.ts";
import { createPgpSigner, signBranch } from "../fixtures/signers.ts";
import { publishCharts, startWebServer } from "../registry-servers/index.ts";
import type { TestApplication, TestHub } from "./fixture.ts";
import {
  argo,
  callApi,
  configMap,
  createProject,
  eventually,
  job,
  newHub,
  plainIt as it,
} from "./fixture.ts";
import { permit, startImpersonating } from "./impersonation.ts";
import { goingBack, goingBackLater, held, impossible, provenGood } from "./rollback.ts";

const bad = { "a.yaml": configMap("a", { k: "bad" }), "b.yaml": impossible };
const degraded = { "a.yaml": configMap("a", { k: "bad" }), "b.yaml": job("crash", "false") };

async function isGood(app: TestApplication): Promise<void> {
  await eventually(async () => expect((await app.live("configmaps/a"))?.["data"]).toEqual({ k: "good" }));
}

async function staysGood(app: TestApplication): Promise<void> {
  await app.patchLive("configmaps/a", { data: { k: "by hand" } });
  await isGood(app);
}

async function changeProject(hub: TestHub, name: string, spec: Partial<AppProjectSpec>): Promise<void> {
  await callApi(hub.access, {
    method: "PATCH",
    path: `/apis/argoproj.io/v1alpha1/namespaces/${hub.namespace}/appprojects/${name}`,
    contentType: "application/merge-patch+json",
    body: { spec },
  });
}

describe("a hold", () => {
  it("outlives controllers that are killed, between the failure and the rollback and after it", async ({
    onTestFinished,
  }) => {
    const hub = await newHub({ onTestFinished });
    const slow = job("migrate", "sleep 3", { annotations: argo({ hook: "PreSync" }) });
    const files = { "a.yaml": configMap("a", { k: "good" }), "hook.yaml": slow };
    const app = await hub.app("killed", goingBack({ files }));
    const first = hub.startProcess();
    await first.ready;
    await app.synced();
    await provenGood(app);
    const commit = await app.commit(bad);
    await app.refresh();
    await app.waitFor(({ metadata }) =>
      expect(metadata.annotations).toHaveProperty(["mooring.dev/rollback-hold"]),
    );
    await first.kill();
    const second = hub.startProcess();
    await second.ready;
    await app.waitFor(({ status }) =>
      expect(status?.operationState).toMatchObject({
        phase: "Running",
        operation: { info: [{ name: "rollback" }] },
      }),
    );
    await second.kill();
    await hub.start();
    expect(await held(app, "done")).toMatchObject({ revisions: [commit] });
    await staysGood(app);
    const { history } = await app.status();
    expect(history?.map(({ revision }) => revision)).not.toContain(commit);
  });

  it("goes on while the repository is gone, also for a controller that starts only then", async ({
    onTestFinished,
  }) => {
    const hub = await newHub({ onTestFinished });
    await hub.start();
    const app = await hub.app("gone", goingBackLater);
    await app.synced();
    await provenGood(app);
    await app.push(degraded);
    await app.waitFor(async () => expect(await app.state()).toBe("Synced Degraded"));
    const hidden = `${app.repository.directory}.hidden`;
    await rename(app.repository.directory, hidden);
    await hub.stop();
    await hub.start();
    await held(app, "done");
    await staysGood(app);
    await app.refresh();
    const conditions = (await app.conditions()).join("\n");
    expect(conditions).toContain("is kept in force");
    expect(conditions).toContain("RollbackWarning");
    await hub.stop();
    await app.patchLive("configmaps/a", { data: { k: "while nobody looked" } });
    await hub.start();
    await isGood(app);
    await rename(hidden, app.repository.directory);
    await eventually(
      async () => {
        await app.push({ "a.yaml": configMap("a", { k: "better" }) });
        await app.waitFor(
          ({ metadata }) => expect(metadata.annotations).not.toHaveProperty(["mooring.dev/rollback-hold"]),
          2_000,
        );
      },
      { intervalMs: 1_000, timeoutMs: 40_000 },
    );
    await app.synced();
  });

  it("waits for a sync window and for automated sync", async ({ onTestFinished }) => {
    const hub = await newHub({ onTestFinished });
    await hub.start();
    const project = await createProject(hub, "windows", {});
    const settings = goingBackLater;
    const app = await hub.app("windows", { ...settings, spec: { ...settings.spec, project } });
    await app.synced();
    await provenGood(app);
    await app.push(degraded);
    await app.waitFor(async () => expect(await app.state()).toBe("Synced Degraded"));
    const closed = { kind: "deny", schedule: "* * * * *", duration: "1h", applications: ["*"] };
    await changeProject(hub, project, { syncWindows: [closed] });
    await held(app, "pending");
    await app.waitFor(async () =>
      expect((await app.conditions()).map((line) => line.split(":")[0])).toEqual([
        "RollbackWarning",
        "SyncWindowWarning",
      ]),
    );
    await app.patch({ spec: { syncPolicy: { automated: { enabled: false } } } });
    const isOff = async () =>
      expect((await app.conditions()).join()).toContain("it waits because automated sync is off");
    // Projects and applications are watched each by itself: the window opens when this one is known.
    await app.waitFor(isOff);
    await changeProject(hub, project, { syncWindows: [] });
    await app.waitFor(async () => {
      expect((await app.conditions()).join()).not.toContain("SyncWindowWarning");
      await isOff();
    });
    expect((await app.live("configmaps/a"))?.["data"]).toEqual({ k: "bad" });
    await app.patch({ spec: { syncPolicy: { automated: { enabled: true } } } });
    await held(app, "done");
    await isGood(app);
  });

  it("is not tried again when the rollback is terminated", async ({ onTestFinished }) => {
    const hub = await newHub({ onTestFinished });
    await hub.start();
    const slow = job("migrate", "sleep 2", { annotations: argo({ hook: "PreSync" }) });
    const files = { "a.yaml": configMap("a", { k: "good" }), "hook.yaml": slow };
    const app = await hub.app("terminated", goingBack({ files }));
    await app.synced();
    await provenGood(app);
    await app.push(bad);
    await app.waitFor(({ status }) =>
      expect(status?.operationState).toMatchObject({
        phase: "Running",
        operation: { info: [{ name: "rollback" }] },
        message: expect.stringContaining("waiting for completion of hook") as string,
      }),
    );
    await app.patch({ status: { operationState: { phase: "Terminating" } } });
    const { failure } = await held(app, "failed");
    expect(failure).toContain("Operation terminated");
    const { operationState } = await app.status();
    await app.refresh();
    expect((await app.status()).operationState?.startedAt).toBe(operationState?.startedAt);
    expect((await app.conditions()).join()).toContain("and the rollback to");
    expect((await app.live("configmaps/a"))?.["data"]).toEqual({ k: "bad" });
  });

  it("prunes no more than the guards let pass, and says what would let it", async ({ onTestFinished }) => {
    const hub = await newHub({ onTestFinished });
    await hub.start();
    const app = await hub.app("many", goingBack());
    await app.synced();
    await provenGood(app);
    const many = Array.from({ length: 25 }, (_, i) => configMap(`many-${i}`));
    await app.push({ "a.yaml": configMap("a", { k: "bad" }), "b.yaml": [...many, job("crash", "false")] });
    const { failure } = await held(app, "failed");
    expect(failure).toContain("AllowMassPrune=true");
    await app.refresh();
    expect(await app.live("configmaps/many-24")).toBeDefined();
    await app.push({ "a.yaml": configMap("a", { k: "better" }), "b.yaml": many });
    await app.synced();
  });

  it("leaves what the commit brought where prune is off", async ({ onTestFinished }) => {
    const hub = await newHub({ onTestFinished });
    await hub.start();
    const app = await hub.app("unpruned", goingBack({ automated: { selfHeal: true } }));
    await app.synced();
    await provenGood(app);
    await app.push(degraded);
    await held(app, "done");
    await isGood(app);
    expect(await app.live("batch/jobs/crash")).toBeDefined();
    await app.waitFor(async () => expect(await app.state()).toBe("OutOfSync Healthy"));
  });

  it("that cannot be read keeps everything as it is until somebody takes it off", async ({
    onTestFinished,
  }) => {
    const hub = await newHub({ onTestFinished });
    await hub.start();
    const app = await hub.app("unreadable", goingBack());
    await app.synced();
    await app.patch({ metadata: { annotations: { "mooring.dev/rollback-hold": "whatever" } } });
    await app.push({ "a.yaml": configMap("a", { k: "newer" }) });
    await app.waitFor(async () =>
      expect((await app.conditions()).join()).toContain("metadata.annotations[mooring.dev/rollback-hold]"),
    );
    expect((await app.live("configmaps/a"))?.["data"]).toEqual({ k: "good" });
    await app.patch({ metadata: { annotations: { "mooring.dev/rollback-hold": null } } });
    await app.refresh();
    await app.synced();
  });
});

describe("what holds for every sync holds for a rollback", () => {
  it("it is done as the service account that the project names", async ({ onTestFinished }) => {
    const hub = await newHub({ onTestFinished });
    const { name: namespace } = await createNamespace(hub.access, "acting");
    await permit(hub, namespace);
    const account = { server: inCluster, namespace, defaultServiceAccount: "deployer" };
    const project = await createProject(hub, "acting", { destinationServiceAccounts: [account] });
    const settings = goingBack({ namespace });
    const app = await hub.app("acting", { ...settings, spec: { ...settings.spec, project } });
    await startImpersonating(hub, { "application.sync.impersonation.enabled": "true" });
    await app.synced();
    await provenGood(app);
    const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "s" }, stringData: { a: "b" } };
    await app.push({ "a.yaml": configMap("a", { k: "bad" }), "s.yaml": secret });
    expect((await held(app, "done")).reason).toContain(`system:serviceaccount:${namespace}:deployer`);
    await isGood(app);
  });

  it("nothing is kept to whose signature is no longer accepted", async ({ onTestFinished }) => {
    const hub = await newHub({ onTestFinished });
    const signer = await createPgpSigner("ada");
    const keys = (data: Readonly<Record<string, string | null>>) => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "argocd-gpg-keys-cm", labels: { "app.kubernetes.io/part-of": "argocd" } },
      data,
    });
    await hub.create(keys({ [signer.id]: signer.armoredPublicKey }));
    const policy = { repos: [{ url: "*" }], gpg: { mode: "head" as const, keys: [signer.id] } };
    const project = await createProject(hub, "signed", { sourceIntegrity: { git: { policies: [policy] } } });
    await hub.start();
    const settings = goingBack();
    const app = await hub.app("signed", { ...settings, spec: { ...settings.spec, project } });
    await signBranch(app.repository, "main", signer.sign);
    await app.refresh();
    await app.synced();
    await provenGood(app);
    await app.commit(bad);
    await signBranch(app.repository, "main", signer.sign);
    await app.refresh();
    await held(app, "done");
    await staysGood(app);
    await callApi(hub.access, {
      method: "PATCH",
      path: `/api/v1/namespaces/${hub.namespace}/configmaps/argocd-gpg-keys-cm`,
      contentType: "application/merge-patch+json",
      body: { data: { [signer.id]: null } },
    });
    await app.waitFor(async () => {
      await app.refresh();
      expect((await app.conditions()).join()).toContain("what it is kept to cannot be deployed");
    });
    await app.patchLive("configmaps/a", { data: { k: "by hand" } });
    await app.refresh();
    expect((await app.live("configmaps/a"))?.["data"]).toEqual({ k: "by hand" });
  });
});

describe("an application of a chart and a values file", () => {
  it("goes back, is kept there, and is rolled back by hand, while neither repository can be reached, restarts in between", async ({
    onTestFinished,
  }) => {
    const hub = await newHub({ onTestFinished });
    const server = await startWebServer();
    const template = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {k: "{{ .Values.k }}"}\n';
    const crash = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: Not_A_Name}\n";
    const chart = (version: string, text: string) => ({
      name: "web",
      version,
      files: { "templates/a.yaml": text },
    });
    publishCharts(server, "/charts", [chart("1.0.0", template)]);
    const url = `${server.url}/charts`;
    await hub.create({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "charts", labels: { "argocd.argoproj.io/secret-type": "repository" } },
      stringData: { type: "helm", url, name: "charts" },
    });
    await hub.start();
    const app = await hub.app(
      "chart",
      goingBack({
        files: { "prod.yaml": "k: good\n" },
        sources: (repository) => [
          { repoURL: url, chart: "web", targetRevision: "1.*", helm: { valueFiles: ["$values/prod.yaml"] } },
          { repoURL: repository.url, targetRevision: "main", ref: "values" },
        ],
      }),
    );
    await app.waitFor(async () => expect(await app.state()).toBe("Synced Healthy"));
    await provenGood(app);
    publishCharts(server, "/charts", [chart("1.0.0", template), chart("1.1.0", `${template}${crash}`)]);
    await app.refresh();
    const hold = await held(app, "done");
    expect(hold.revisions[0]).toBe("1.1.0");
    await isGood(app);

    await hub.stop();
    await server[Symbol.asyncDispose]();
    await rename(app.repository.directory, `${app.repository.directory}.hidden`);
    await app.patchLive("configmaps/a", { data: { k: "while nobody looked" } });
    await hub.start();
    await isGood(app);

    await app.patch({ spec: { syncPolicy: { automated: null } } });
    await app.patchLive("configmaps/a", { data: { k: "by hand" } });
    await hub.stop();
    await hub.start();
    const [entry] = (await app.status()).history ?? [];
    const { sources = [], revisions = [] } = entry ?? {};
    expect(await app.sync({ sources, revisions })).toMatch(/^Succeeded/u);
    await isGood(app);
    expect((await app.conditions()).join()).toContain("not reachable since");
  });
});
