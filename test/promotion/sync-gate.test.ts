import { expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { ResourceType } from "#ports/cluster.ts";
import { eventually } from "../control-plane/eventually.ts";
import type { GateBed } from "./gate-bed.ts";
import { namespace, startGateBed } from "./gate-bed.ts";

const { signal } = new AbortController();
const configMapType: ResourceType = hubTypes.configMap;
const day = "2026-01-01T00:00:00Z";

const configMap = (value: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: web }\ndata: { value: ${JSON.stringify(value)} }\n`;

const applicationOf = (repoURL: string, branch: string, more: JsonObject = {}): JsonObject => ({
  spec: {
    project: "default",
    source: { repoURL, path: "web", targetRevision: branch },
    destination: { server: "https://kubernetes.default.svc", namespace: "web" },
    syncPolicy: { automated: { selfHeal: true }, syncOptions: ["CreateNamespace=true"] },
    ...more,
  },
});

const pipelineOf = (repoURL: string, more: JsonObject = {}, prod: JsonObject = {}): JsonObject => ({
  spec: {
    project: "default",
    repoURL,
    stages: [
      { name: "dev", branch: "main", applications: ["web-dev"] },
      {
        name: "prod",
        branch: "prod",
        applications: ["web"],
        gates: [{ approvals: { required: 1 } }],
        ...prod,
      },
      unpermitted,
    ],
    ...more,
  },
});

/** Has the project refuse the Pipeline: nothing is promoted, and what the status says is what the test says. */
const unpermitted = {
  name: "elsewhere",
  repoURL: "https://elsewhere.example.com/shop.git",
  branch: "main",
  applications: [],
  after: [],
};

async function promote(
  bed: GateBed,
  name: string,
  { commit, ...status }: JsonObject & { readonly commit: string },
): Promise<void> {
  await bed.create(hubTypes.promotion, name, {
    spec: {
      pipeline: "shop",
      stage: "prod",
      kind: "Promote",
      cause: "Person",
      revision: commit,
      requestedBy: { username: "ada" },
      requestedAt: day,
    },
  });
  await bed.setStatus(hubTypes.promotion, name, { commit, ...status });
}

const planOf = (digest: string): JsonObject => ({
  digest: "sha256:whole",
  applications: [{ namespace, name: "web", digest }],
});

async function liveValue(bed: GateBed): Promise<string | undefined> {
  const live = await bed.hub.read({ type: configMapType, namespace: "web", name: "web" }, signal);
  return viewString(live, "data", "value");
}

async function requirementOf(bed: GateBed, name = "web"): Promise<string | undefined> {
  const { status } = await bed.app(name);
  return status?.conditions?.find(({ type }) => type === "PromotionRequired")?.message;
}

it("deploys to a stage with gates what a promotion let through, and nothing else, whoever asks", async () => {
  const bed = await startGateBed();
  const { repository } = bed;
  const first = await repository.commit({ "web/a.yaml": configMap("one") });
  await repository.branch("prod", first);
  await bed.create(hubTypes.pipeline, "shop", pipelineOf(repository.url));
  await bed.create(hubTypes.application, "web", applicationOf(repository.url, "prod"));
  const place = "stage prod of Pipeline argocd/shop";
  const unknown = `${place}: ${first.slice(0, 7)} was let through by no Promotion`;
  await eventually(async () => expect(await requirementOf(bed)).toContain(unknown));
  expect(await liveValue(bed)).toBeUndefined();

  await promote(bed, "shop-prod-1", {
    commit: first,
    phase: "Waiting",
    message: "waits for 1 of 1 approvals",
  });
  await eventually(async () =>
    expect(await requirementOf(bed)).toContain("shop-prod-1 is Waiting: waits for"),
  );
  const asked = await bed.sync("web", { revision: first });
  expect(asked).toContain(`Failed: cannot sync: needs a promotion: ${unknown} yet`);
  expect(await liveValue(bed)).toBeUndefined();

  await bed.setStatus(hubTypes.promotion, "shop-prod-1", {
    phase: "Applying",
    plan: planOf(await bed.digestAt("web", first)),
  });
  await eventually(async () => expect(await liveValue(bed)).toBe("one"));
  await eventually(async () => expect(await requirementOf(bed)).toBeUndefined());
  await bed.setStatus(hubTypes.promotion, "shop-prod-1", { phase: "Succeeded" });

  const pushed = await repository.change({ "web/a.yaml": configMap("pushed") }, { branch: "prod" });
  await bed.hub.mergePatch(
    { type: hubTypes.application, namespace, name: "web" },
    { metadata: { annotations: { "argocd.argoproj.io/refresh": "normal" } } },
    { fieldManager: "test", signal },
  );
  await eventually(async () =>
    expect(await requirementOf(bed)).toContain(`${pushed.slice(0, 7)} was let through by no`),
  );
  expect(await bed.sync("web", { revision: pushed })).toContain("Failed: cannot sync: needs a promotion");
  expect(await liveValue(bed)).toBe("one");
  expect(await bed.sync("web", { revision: first })).toContain("Succeeded");

  await promote(bed, "shop-prod-2", { commit: pushed, phase: "Applying", plan: planOf("sha256:other") });
  await eventually(async () =>
    expect(await requirementOf(bed)).toContain(
      "renders to something else than what was approved with Promotion shop-prod-2",
    ),
  );
  expect(await liveValue(bed)).toBe("one");

  await bed.setStatus(hubTypes.promotion, "shop-prod-2", { plan: planOf(await bed.digestAt("web", pushed)) });
  await eventually(async () => expect(await liveValue(bed)).toBe("pushed"));
  // Automation would go forward again before anybody has seen what comes of going back.
  await bed.hub.mergePatch(
    { type: hubTypes.application, namespace, name: "web" },
    { spec: { syncPolicy: { automated: null } } },
    { fieldManager: "test", signal },
  );
  // Back to what was let through before, as `app rollback` asks for it.
  expect(await bed.sync("web", { revision: first })).toContain("Succeeded");
  expect(await liveValue(bed)).toBe("one");
  expect(await bed.sync("web", { revision: pushed })).toContain("Succeeded");
  // What was taken back nobody syncs to any more, but a failure still leads back to what worked.
  await bed.setStatus(hubTypes.promotion, "shop-prod-1", { phase: "RolledBack" });
  expect(await bed.sync("web", { revision: first })).toContain("Promotion shop-prod-1 ended as RolledBack");
  expect(await bed.goBack("web", first)).toContain("Succeeded");
  const never = await repository.change({ "web/a.yaml": configMap("never") }, { branch: "other" });
  expect(await bed.goBack("web", never)).toContain("was let through by no Promotion");
});

it("keeps what is deployed in step where the branch moved without a promotion", async () => {
  const bed = await startGateBed();
  const { repository } = bed;
  const first = await repository.commit({ "web/a.yaml": configMap("one") });
  await repository.branch("prod", first);
  await bed.create(hubTypes.application, "web", applicationOf(repository.url, "prod"));
  await eventually(async () => expect(await liveValue(bed)).toBe("one"));
  await bed.create(hubTypes.pipeline, "shop", pipelineOf(repository.url));
  // It changes nothing of what is deployed, and nobody let it through.
  await repository.change({ "README.md": "Hello" }, { branch: "prod" });
  await bed.hub.mergePatch(
    { type: hubTypes.application, namespace, name: "web" },
    { metadata: { annotations: { "argocd.argoproj.io/refresh": "normal" } } },
    { fieldManager: "test", signal },
  );
  const ref = { type: configMapType, namespace: "web", name: "web" };
  await bed.hub.mergePatch(ref, { data: { value: "drift" } }, { fieldManager: "kim", signal });
  await eventually(async () => expect(await liveValue(bed)).toBe("one"));
});

it("lets a freeze keep new content from every stage, the first too, and break-glass through", async () => {
  const bed = await startGateBed();
  const { repository } = bed;
  const first = await repository.commit({ "web/a.yaml": configMap("one") });
  await repository.branch("prod", first);
  const freezes = [{ name: "holidays", reason: "nobody is here", from: day, until: "2100-01-01T00:00:00Z" }];
  await bed.create(hubTypes.pipeline, "shop", pipelineOf(repository.url, { freezes }));
  await bed.create(hubTypes.application, "web-dev", applicationOf(repository.url, "main"));
  const frozen = "is frozen by holidays (nobody is here), until 2100-01-01T00:00:00Z";
  await eventually(async () =>
    expect(await requirementOf(bed, "web-dev")).toContain(`stage dev of Pipeline argocd/shop ${frozen}`),
  );
  const syncPolicy = { syncOptions: ["CreateNamespace=true"] };
  await bed.create(hubTypes.application, "web", applicationOf(repository.url, "prod", { syncPolicy }));
  await eventually(async () => expect((await bed.app("web")).status?.sync?.status).toBe("OutOfSync"));
  const plan = planOf(await bed.digestAt("web", first));
  await promote(bed, "shop-prod-1", { commit: first, phase: "Applying", plan });
  const sync = { revision: first, syncOptions: ["CreateNamespace=true"] };
  await eventually(async () =>
    expect(await bed.sync("web", sync)).toContain(
      `Failed: cannot sync: needs a promotion: stage prod of Pipeline argocd/shop ${frozen}`,
    ),
  );
  expect(await bed.sync("web", { manifests: [configMap("local")] })).toContain(
    "takes what was promoted, and no manifests that somebody sends",
  );
  const breakGlass = { username: "kim", at: day, reason: "prod is down" };
  await bed.setStatus(hubTypes.promotion, "shop-prod-1", { breakGlass });
  await eventually(async () => expect(await bed.sync("web", sync)).toContain("Succeeded"));
});

it("refuses what two pipelines claim, what a suspended one would take, and what is held", async () => {
  const bed = await startGateBed();
  const { repository } = bed;
  const first = await repository.commit({ "web/a.yaml": configMap("one") });
  await repository.branch("prod", first);
  await bed.create(hubTypes.pipeline, "shop", pipelineOf(repository.url));
  await bed.create(hubTypes.pipeline, "other", pipelineOf(repository.url));
  await bed.create(hubTypes.application, "web", applicationOf(repository.url, "prod"));
  await eventually(async () =>
    expect(await requirementOf(bed)).toContain(
      "it is in stage prod of Pipeline argocd/other and in stage prod of Pipeline argocd/shop",
    ),
  );
  await bed.hub.remove(
    { type: hubTypes.pipeline, namespace, name: "other" },
    { propagation: "Background", signal },
  );
  const ref = { type: hubTypes.pipeline, namespace, name: "shop" };
  await bed.hub.mergePatch(ref, { spec: { suspend: true } }, { fieldManager: "test", signal });
  await eventually(async () =>
    expect(await requirementOf(bed)).toContain("because the Pipeline is suspended"),
  );
  await bed.hub.mergePatch(ref, { spec: { suspend: false } }, { fieldManager: "test", signal });
  // After the promotion was asked for.
  const since = "2100-01-01T00:00:00Z";
  const hold = { revisions: [first], by: "kim", reason: "it loses orders", since };
  await bed.setStatus(hubTypes.pipeline, "shop", { stages: [{ name: "prod", hold }] });
  await promote(bed, "shop-prod-1", {
    commit: first,
    phase: "Applying",
    plan: planOf(await bed.digestAt("web", first)),
  });
  await eventually(async () =>
    expect(await requirementOf(bed)).toContain("by kim: it loses orders; promote a later revision"),
  );
  expect(await liveValue(bed)).toBeUndefined();
  await bed.setStatus(hubTypes.pipeline, "shop", { stages: [{ name: "prod" }] });
  await eventually(async () => expect(await liveValue(bed)).toBe("one"));
});

it("takes the content that a stage had before anything was promoted to it", async () => {
  const bed = await startGateBed();
  const { repository } = bed;
  const first = await repository.commit({ "web/a.yaml": configMap("one") });
  await repository.branch("prod", first);
  await bed.create(hubTypes.pipeline, "shop", pipelineOf(repository.url, {}, { path: "web" }));
  await bed.create(hubTypes.application, "web", applicationOf(repository.url, "prod"));
  await eventually(async () => expect(await requirementOf(bed)).toContain("was let through by no Promotion"));
  const content = await repository.git("rev-parse", `${first}:web`);
  await bed.setStatus(hubTypes.pipeline, "shop", { stages: [{ name: "prod", content }] });
  await eventually(async () => expect(await liveValue(bed)).toBe("one"));
});

it("syncs an Application with a second source of the same repository on another branch", async () => {
  const bed = await startGateBed();
  const { repository } = bed;
  const first = await repository.commit({ "web/a.yaml": configMap("one") });
  await repository.branch("prod", first);
  const extra = configMap("extra").replace("name: web", "name: extra");
  const second = await repository.change({ "extra/b.yaml": extra });
  await bed.create(hubTypes.pipeline, "shop", pipelineOf(repository.url));
  const sources = [
    { repoURL: repository.url, path: "web", targetRevision: "prod" },
    { repoURL: repository.url, path: "extra", targetRevision: "main" },
  ];
  const { spec } = applicationOf(repository.url, "prod");
  const { source: _, ...others } = spec as JsonObject;
  await bed.create(hubTypes.application, "web", { spec: { ...others, sources } });
  await eventually(async () => expect(await requirementOf(bed)).toContain("was let through by no Promotion"));
  const plan = planOf(await bed.digestAt("web", first, second));
  await promote(bed, "shop-prod-1", { commit: first, phase: "Applying", plan });
  await eventually(async () => expect(await liveValue(bed)).toBe("one"));
});

it("goes on as before where Pipelines are not installed, and says so once for each kind", async () => {
  const bed = await startGateBed({ withoutDefinitions: true });
  const first = await bed.repository.commit({ "web/a.yaml": configMap("one") });
  await bed.repository.branch("prod", first);
  await bed.create(hubTypes.application, "web", applicationOf(bed.repository.url, "prod"));
  await eventually(async () => expect(await liveValue(bed)).toBe("one"));
  const told = bed.log.filter((line) => line.includes("the hub does not know a kind"));
  expect(told).toHaveLength(2);
});
