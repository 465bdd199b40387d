import { writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { JsonObject } from "#core/object/index.ts";
import { viewArray, viewNumber, viewObject, viewString } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { Shell } from "../commands.ts";
import { createShell, DemoFailure, inBackground } from "../commands.ts";
import { nextWhenAsked } from "../keys.ts";
import { dim, green, heading, print } from "../print.ts";
import { helloWorld } from "../pull/observer.ts";
import type { HelloRepository } from "../repository.ts";
import { createHelloRepository } from "../repository.ts";
import { showUi } from "../ui.ts";
import type { Ui, World } from "../world.ts";
import { logIn } from "./log-in.ts";

const environments = ["dev", "staging", "prod"] as const;
type Environment = (typeof environments)[number];
const branches = { dev: "main", staging: "staging", prod: "prod" } as const;
const timeoutMs = 90_000;

interface Scene {
  readonly world: World;
  readonly repository: HelloRepository;
  /** The same commands, asked of the server as `ann`, who may approve. */
  readonly ann: Shell;
  readonly next: () => Promise<void>;
}

/** Pipeline: dev follows main, staging is promoted by hand, prod needs somebody's approval, and a rollback is a revert in Git. */
export async function playPipeline(world: World, isScripted: boolean): Promise<void> {
  const ui = await world.startMooring();
  const next = async () => {
    if (!isScripted) await nextWhenAsked(world.signal);
  };
  const repository = await createHelloRepository(
    path.join(world.directory, "hello-world"),
    inBackground(world, "pipeline refresh hello"),
  );
  const scene = { world, repository, ann: await shellOfAnn(world, ui), next };
  await setUp(scene);
  if (!isScripted) await showUi(ui);
  await toStaging(scene);
  await toProd(scene);
  await backAgain(scene);
}

/** An account that may approve what goes to prod, and nothing else. */
async function shellOfAnn(world: World, ui: Ui): Promise<Shell> {
  if (ui.password === undefined)
    throw new DemoFailure("the password of admin was changed; the demo needs the one that was made for it");
  heading("Somebody else: ann, who may approve what goes to prod");
  const policy = "p, ann, pipelines, get, */*, allow\np, ann, pipelines, approve/prod, */*, allow";
  await setConfig(world, "argocd-cm", { "accounts.ann": "apiKey" });
  await setConfig(world, "argocd-rbac-cm", { "policy.csv": policy });
  print(policy);
  const ARGOCD_SERVER = ui.url.replace(/^http:\/\//u, "");
  const server = { ...world.env, ARGOCD_SERVER, ARGOCD_OPTS: "--plaintext" };
  const admin = await logIn(ui.url, ui.password, world.signal);
  const asAdmin = createShell({ ...server, ARGOCD_AUTH_TOKEN: admin }, world.signal);
  const token = (await asAdmin.output(["account", "generate-token", "--account", "ann"])).trim();
  return createShell({ ...server, ARGOCD_AUTH_TOKEN: token }, world.signal);
}

async function setConfig({ cluster, signal }: World, name: string, data: JsonObject): Promise<void> {
  const ref = { type: hubTypes.configMap, namespace: "argocd", name };
  await cluster.mergePatch(ref, { data }, { fieldManager: "demo", signal });
}

async function setUp({ world, repository, next }: Scene): Promise<void> {
  heading("A repository with a branch for each environment");
  await repository.commit({ replicas: 1, image: "nginx:1.28" }, "Say hello");
  for (const branch of ["staging", "prod"]) await repository.git("branch", branch);
  print(await repository.git("log", "--oneline", "--decorate", "--all"));
  heading("Three applications, each with a loop of its own, and a pipeline over them");
  for (const name of environments) await createApplication(world, repository, name);
  const file = path.join(world.directory, "pipeline.yaml");
  const text = pipelineOf(repository.url);
  await writeFile(file, text);
  print(dim(text));
  await world.shell.mooring(["pipeline", "create", "-f", file]);
  for (const name of environments) await runs(world, name, "nginx:1.28");
  await next();
}

function pipelineOf(repoURL: string): string {
  return `apiVersion: mooring.dev/v1alpha1
kind: Pipeline
metadata: { name: hello }
spec:
  repoURL: ${repoURL}
  stages:
    - { name: dev, branch: main, applications: [hello-dev] }
    - { name: staging, branch: staging, applications: [hello-staging] }
    - name: prod
      branch: prod
      applications: [hello-prod]
      gates:
        - approvals: { required: 1, users: [ann], rollbacks: waived }
`;
}

async function createApplication(
  { shell }: World,
  { url }: HelloRepository,
  name: Environment,
): Promise<void> {
  const source = ["--repo", url, "--path", ".", "--revision", branches[name]];
  const destination = ["--dest-server", "https://kubernetes.default.svc", "--dest-namespace", name];
  const policy = ["--sync-policy", "automated", "--self-heal", "--sync-option", "CreateNamespace=true"];
  await shell.mooring(["app", "create", `hello-${name}`, ...source, ...destination, ...policy]);
}

async function toStaging({ world, repository, next }: Scene): Promise<void> {
  heading("A commit on main is in dev by itself, and nowhere else");
  const commit = await repository.commit({ replicas: 2, image: "nginx:1.29" }, "Serve more, and newer");
  await runs(world, "dev", "nginx:1.29");
  await until(
    world,
    "the candidate of staging",
    (stages) => viewString(stages.get("staging"), "candidate", "revision")?.startsWith(commit) === true,
  );
  await world.shell.mooring(["pipeline", "get", "hello"]);
  await next();
  heading("Staging is promoted by hand");
  await world.shell.mooring(["promote", "hello/staging", "--reason", "to be tried", "--wait"]);
  await runs(world, "staging", "nginx:1.29");
  await next();
}

async function toProd({ world, ann, next }: Scene): Promise<void> {
  heading("Prod needs an approval, of exactly what will be applied, by somebody else than who asks");
  await until(world, "the candidate of prod", (stages) => stages.get("prod")?.["candidate"] !== undefined);
  await world.shell.mooring(["promote", "hello/prod", "--reason", "tried in staging"]);
  const name = await waitingPromotion(world);
  const digest = await digestOf(world, name);
  await world.shell.mooring(["promotion", "get", name]);
  await next();
  print("\nWho asked may not approve:");
  await world.shell.mooring(["promotion", "approve", name, "--digest", digest, "--yes"], [20]);
  print("\nAnn may:");
  await ann.mooring(["promotion", "approve", name, "--digest", digest, "--yes"]);
  await world.shell.mooring(["promotion", "wait", name]);
  await runs(world, "prod", "nginx:1.29");
  await world.shell.mooring(["pipeline", "get", "hello"]);
  await next();
}

async function backAgain({ world, repository, next }: Scene): Promise<void> {
  heading("A rollback is a revert in Git, with a hold that keeps the revision out");
  await world.shell.mooring(["rollback", "hello/prod", "--reason", "it is too new", "--wait"]);
  await runs(world, "prod", "nginx:1.28");
  print(`\n$ git log prod\n${await repository.git("log", "-1", "--format=%h %an%n%n%B", "prod")}`);
  await until(world, "the hold of prod", (stages) => stages.get("prod")?.["hold"] !== undefined);
  await world.shell.mooring(["pipeline", "get", "hello"]);
  print(
    green("\nDev and staging go on; prod is as it was, and stays so until somebody promotes what is better."),
  );
  await next();
}

async function waitingPromotion({ cluster, signal }: World): Promise<string> {
  const found = await eventually(signal, "the promotion to prod: planned", async () => {
    const all = await cluster.list(hubTypes.promotion, { namespace: "argocd", signal });
    return all.find(
      (one) =>
        viewString(one, "spec", "stage") === "prod" && viewString(one, "status", "phase") === "Waiting",
    );
  });
  return found.metadata.name ?? "";
}

async function digestOf({ cluster, signal }: World, name: string): Promise<string> {
  const ref = { type: hubTypes.promotion, namespace: "argocd", name };
  return viewString(await cluster.read(ref, signal), "status", "plan", "digest") ?? "";
}

async function runs({ cluster, signal }: World, namespace: Environment, image: string): Promise<void> {
  await eventually(signal, `${namespace}: ${image}, ready`, async () => {
    const live = await cluster.read({ ...helloWorld, namespace }, signal);
    const [container] = viewArray(live, "spec", "template", "spec", "containers");
    const isReady = viewNumber(live, "status", "readyReplicas") === viewNumber(live, "spec", "replicas");
    return viewString(container, "image") === image && isReady ? true : undefined;
  });
  print(`${namespace}: ${image} runs`);
}

async function until(
  { cluster, signal }: World,
  what: string,
  holds: (stages: ReadonlyMap<string, JsonObject>) => boolean,
): Promise<void> {
  const ref = { type: hubTypes.pipeline, namespace: "argocd", name: "hello" };
  await eventually(signal, what, async () => {
    const stages = viewArray(await cluster.read(ref, signal), "status", "stages");
    const byName = new Map(stages.map((stage) => [viewString(stage, "name") ?? "", viewObject(stage)]));
    return holds(byName) ? true : undefined;
  });
}

async function eventually<T>(
  signal: AbortSignal,
  what: string,
  find: () => Promise<T | undefined>,
): Promise<T> {
  const endsAt = performance.now() + timeoutMs;
  for (;;) {
    const found = await find();
    if (found !== undefined) return found;
    if (performance.now() > endsAt) throw new DemoFailure(`${what}: not after ${timeoutMs / 1_000} s`);
    await sleep(100, undefined, { signal });
  }
}
