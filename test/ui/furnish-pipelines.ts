import type { JsonObject } from "#core/object/index.ts";
import type { PipelineStatus, Promotion, StageStatus } from "#core/promotion/index.ts";
import { approve, breakGlass, parsePipeline, parsePromotion } from "#core/promotion/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { patchObject } from "#engine/patch-object.ts";
import { promote } from "#engine/promotion-requests/index.ts";
import { formatTime } from "#runtime/clock.ts";
import type { RunningUp } from "../api/fixture.ts";
import { eventually } from "../control-plane/eventually.ts";
import { create, deployment } from "./furnish.ts";

const namespace = "argocd";
const patiently = { timeoutMs: 60_000 };
const optionsOf = (up: RunningUp) => ({ fieldManager: "test", signal: up.signal }) as const;

/** Who asks or agrees, as the API would have it of a session. */
function said(username: string, reason = "") {
  return { person: { username, groups: [] }, reason, at: formatTime(Date.now()) };
}

/** An Application of `web` on a branch, with a namespace of its own. */
export async function createEnvironment(up: RunningUp, name: string, branch: string): Promise<void> {
  await create(up, "applications", {
    metadata: { name, namespace },
    spec: {
      project: "default",
      source: { repoURL: up.repository.url, path: "web", targetRevision: branch },
      destination: { server: "https://kubernetes.default.svc", namespace: name },
      syncPolicy: {
        automated: { prune: true, selfHeal: true },
        syncOptions: ["CreateNamespace=true"],
      },
    },
  });
}

export async function createPipeline(up: RunningUp, name: string, spec: JsonObject): Promise<void> {
  const object = {
    apiVersion: "mooring.dev/v1alpha1",
    kind: "Pipeline",
    metadata: { name, namespace },
    spec: { repoURL: up.repository.url, interval: "1s", ...spec },
  };
  await up.cluster.create(hubTypes.pipeline, object, { ...optionsOf(up), fieldValidation: "Strict" });
}

async function readPipeline(up: RunningUp, name: string) {
  const object = await up.cluster.read({ type: hubTypes.pipeline, namespace, name }, up.signal);
  if (object === undefined) throw new Error(`Pipeline ${name}: does not exist`);
  return object;
}

export async function readPromotion(up: RunningUp, name: string): Promise<Promotion> {
  const object = await up.cluster.read({ type: hubTypes.promotion, namespace, name }, up.signal);
  if (object === undefined) throw new Error(`Promotion ${name}: does not exist`);
  return parsePromotion(object);
}

/** Waits until a stage is as it is wanted. */
export async function untilStage(
  up: RunningUp,
  [pipeline, stage]: readonly [pipeline: string, stage: string],
  isSo: (status: StageStatus) => boolean,
): Promise<StageStatus> {
  return eventually(async () => {
    const status = ((await readPipeline(up, pipeline))["status"] ?? {}) as unknown as PipelineStatus;
    const found = status.stages?.find(({ name }) => name === stage);
    if (found === undefined || !isSo(found))
      throw new Error(
        `${pipeline}/${stage}: is not so yet: ${JSON.stringify({ found, message: status.message })}`,
      );
    return found;
  }, patiently);
}

export async function untilPhase(up: RunningUp, name: string, phase: string): Promise<Promotion> {
  return eventually(async () => {
    const promotion = await readPromotion(up, name);
    const { phase: now = "Pending", message = "" } = promotion.status;
    if (now !== phase) throw new Error(`Promotion ${name}: is ${now}, not ${phase}: ${message}`);
    return promotion;
  }, patiently);
}

/** Asks for the candidate of a stage; gives the promotion's name. */
export async function promoteAs(
  up: RunningUp,
  username: string,
  at: readonly [string, string],
): Promise<string> {
  const [name, stage] = at;
  await untilStage(up, at, ({ candidate }) => candidate !== undefined);
  const place = { cluster: up.cluster, ...optionsOf(up) };
  const pipeline = parsePipeline(await readPipeline(up, name));
  const made = await promote(place, pipeline, {
    stage,
    revision: "",
    ...said(username, "The feast is on Friday"),
  });
  return made.metadata.name ?? "";
}

async function decide(
  up: RunningUp,
  name: string,
  change: (promotion: Promotion) => JsonObject | undefined,
): Promise<void> {
  await patchObject(
    up.cluster,
    { type: hubTypes.promotion, namespace, name },
    { decide: (object) => change(parsePromotion(object)), subresource: "status", ...optionsOf(up) },
  );
}

async function approveAs(up: RunningUp, username: string, name: string): Promise<void> {
  const { spec } = await readPromotion(up, name);
  const { stages } = parsePipeline(await readPipeline(up, spec.pipeline));
  const gates = stages.find((stage) => stage.name === spec.stage)?.gates ?? [];
  await decide(up, name, (promotion) =>
    approve(promotion, gates, {
      ...said(username),
      comment: "Looks good",
      digest: promotion.status.plan?.digest ?? "",
    }),
  );
}

/** `main`, `staging` and two branches for production; each has what `main` has now. */
async function createBranches(up: RunningUp): Promise<void> {
  const tip = await up.repository.git("rev-parse", "main");
  for (const branch of ["staging", "eu", "us"]) await up.repository.branch(branch, tip);
  for (const branch of ["staging", "eu", "us"]) await createEnvironment(up, `web-${branch}`, branch);
}

/** What `furnish` made, with a pipeline: one stage waits for people, one had its glass broken, one is frozen. */
export async function furnishPipelines(up: RunningUp): Promise<void> {
  await createBranches(up);
  await createPipeline(up, "storefront", {
    stages: [
      { name: "dev", branch: "main", applications: ["shop-web"] },
      { name: "staging", branch: "staging", applications: ["web-staging"], promote: "auto" },
      { name: "eu", branch: "eu", applications: ["web-eu"], gates: [{ approvals: { required: 2 } }] },
      {
        name: "us",
        branch: "us",
        after: ["staging"],
        applications: ["web-us"],
        gates: [{ approvals: { required: 1 } }],
      },
    ],
  });
  for (const stage of ["dev", "staging", "eu", "us"])
    await untilStage(up, ["storefront", stage], ({ health }) => health === "Healthy");
  const options = { author: "Dora <dora@example.com>" };
  await up.repository.change(
    { "web/all.yaml": deployment("web", 2) },
    { ...options, message: "Prices in all currencies" },
  );
  const next = await up.repository.change(
    { "web/all.yaml": deployment("web", 4) },
    { ...options, message: "Faster checkout" },
  );
  await untilStage(
    up,
    ["storefront", "staging"],
    ({ revision, verified }) => revision === next && verified === true,
  );
  const waiting = await promoteAs(up, "ada", ["storefront", "eu"]);
  await untilPhase(up, waiting, "Waiting");
  await approveAs(up, "bob", waiting);
  const broken = await promoteAs(up, "ada", ["storefront", "us"]);
  await untilPhase(up, broken, "Waiting");
  const reason = "The shop was down, and nobody was there to approve";
  await decide(up, broken, (promotion) => breakGlass(promotion, said("eve", reason)));
  await untilPhase(up, broken, "Succeeded");
  const freeze = { name: "year-end", reason: "the books are closed", stages: ["staging"] };
  const [from, until] = [-1, 48].map((hours) => formatTime(Date.now() + hours * 3_600_000));
  const ref = { type: hubTypes.pipeline, namespace, name: "storefront" };
  await up.cluster.mergePatch(
    ref,
    { spec: { freezes: [{ ...freeze, from, until }] } } as JsonObject,
    optionsOf(up),
  );
  await untilStage(up, ["storefront", "staging"], ({ frozen }) => frozen !== undefined);
}
