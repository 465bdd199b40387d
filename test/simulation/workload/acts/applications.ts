import type { JsonObject } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { hubNamespace, namespaces } from "../../world/templates.ts";
import type { AppModel } from "../apps.ts";
import { applicationOf, dependsOnAnnotation, drawApp, specOf } from "../apps.ts";
import { fillDirectory } from "./git.ts";
import type { Act, Stage } from "./stage.ts";
import { applicationRef, hubUser, pickApp, readApplication, signal, userWrite } from "./stage.ts";

/** What people do to Applications and their project. */
export const applicationActs = {
  sync: (stage) => requestSync(stage, ""),
  "sync-old": (stage) => {
    const app = pickApp(stage);
    const commits = app?.content.commitsOf(app.branch) ?? [];
    return commits.length === 0 ? undefined : requestSync(stage, stage.random.pick(commits.slice(-3)), app);
  },
  terminate: async (stage) => {
    const app = pickApp(stage);
    if (app === undefined) return;
    stage.note(`terminate ${app.name}`);
    const phase = readApplication(stage, app.name)?.status?.operationState?.phase;
    if (phase !== "Running") return;
    const patch = { status: { operationState: { phase: "Terminating" } } };
    await hubUser(stage).mergePatch(applicationRef(app.name), patch, userWrite);
  },
  refresh: async (stage) => {
    const app = pickApp(stage);
    if (app === undefined) return;
    const kind = stage.random.pick(["normal", "hard"]);
    stage.note(`refresh ${app.name} ${kind}`);
    const patch = { metadata: { annotations: { "argocd.argoproj.io/refresh": kind } } };
    await hubUser(stage).mergePatch(applicationRef(app.name), patch, userWrite);
  },
  "change-app": async (stage) => {
    const app = pickApp(stage);
    if (app === undefined) return;
    const { random } = stage;
    const branch = random.pick(["main", "next"]);
    const now = stage.world.clock.now();
    const { content, path } = app;
    if (!content.branches().includes(branch)) content.fork(app.branch, branch, now);
    // A branch from before the application has nothing of it.
    else if (content.directory(branch, path).size === 0) {
      content.commit(branch, path, { to: content.directory(app.branch, path), timeMs: now });
    }
    const automated = { prune: random.chance(0.8), selfHeal: random.chance(0.8) };
    const changed = random.pick<AppModel>([
      { ...app, branch },
      { ...app, automated: random.chance(0.3) ? undefined : automated },
      { ...app, namespace: random.pick(namespaces) },
    ]);
    stage.note(
      `change ${app.name}: ${changed.branch} ${changed.namespace} ${JSON.stringify(changed.automated)}`,
    );
    stage.apps.set(app.name, changed);
    await hubUser(stage).mergePatch(
      applicationRef(app.name),
      { spec: replacing(specOf(changed)) },
      userWrite,
    );
  },
  "remove-app": async (stage) => {
    const app = pickApp(stage);
    if (app === undefined || stage.apps.size < 2) return;
    stage.note(`remove ${app.name}`);
    stage.apps.delete(app.name);
    await hubUser(stage).remove(applicationRef(app.name), { propagation: "Background", signal });
  },
  "create-app": async (stage) => {
    const { world, random } = stage;
    const name = `app-${random.between(0, 5)}`;
    if (stage.apps.has(name) || readApplication(stage, name) !== undefined) return;
    await createApp(
      stage,
      drawApp(random, name, {
        contents: world.contents,
        hasTarget: world.servers.size > 1,
        others: [...stage.apps.keys()],
      }),
    );
  },
  "close-project": async (stage) => {
    const ref = { type: hubTypes.project, namespace: hubNamespace, name: "default" };
    stage.note("close the project for a while");
    await hubUser(stage).mergePatch(
      ref,
      { spec: { sourceRepos: ["https://elsewhere.example.com/*"] } },
      userWrite,
    );
    stage.world.clock.after(stage.random.between(5_000, 60_000), () => {
      void hubUser(stage).mergePatch(ref, { spec: { sourceRepos: ["*"] } }, userWrite);
    });
  },
} as const satisfies Readonly<Record<string, Act>>;

/** Gives the project sync windows. */
export async function setWindows(stage: Stage, syncWindows: readonly JsonObject[]): Promise<void> {
  const ref = { type: hubTypes.project, namespace: hubNamespace, name: "default" };
  stage.note(`sync windows: ${JSON.stringify(syncWindows)}`);
  await hubUser(stage).mergePatch(ref, { spec: { syncWindows } }, userWrite);
}

export async function createApp(stage: Stage, app: AppModel): Promise<void> {
  fillDirectory(stage, app);
  const depends = app.dependsOn.length === 0 ? "" : `, depending on ${app.dependsOn.join(", ")}`;
  stage.note(
    `create ${app.name} in ${app.namespace} of ${app.server} ${JSON.stringify(app.automated)}${depends}`,
  );
  stage.apps.set(app.name, app);
  await hubUser(stage).create(hubTypes.application, applicationOf(app), userWrite);
}

/** Takes off the Applications what they depend on and is not there any more. */
export async function correctDependencies(stage: Stage): Promise<void> {
  for (const app of stage.apps.values()) {
    const dependsOn = app.dependsOn.filter((name) => stage.apps.has(name));
    if (dependsOn.length === app.dependsOn.length) continue;
    stage.note(`${app.name} depends on ${dependsOn.join(", ")}`);
    stage.apps.set(app.name, { ...app, dependsOn });
    const annotations = { [dependsOnAnnotation]: dependsOn.join(", ") };
    await hubUser(stage).mergePatch(applicationRef(app.name), { metadata: { annotations } }, userWrite);
  }
}

/** A sync that somebody asks for, of what is pruned too; of another revision than the Application's where one is named. */
export async function requestSync(stage: Stage, revision: string, of?: AppModel): Promise<void> {
  const app = of ?? pickApp(stage);
  if (app === undefined) return;
  stage.note(`sync ${app.name} ${revision.slice(0, 7)}`);
  const sync = { prune: true, ...(revision === "" ? {} : { revision }) };
  const operation = { initiatedBy: { username: "ada" }, sync };
  // As clients do: nothing of an operation that is asked for already is left in it.
  const patch = [{ op: "add", path: "/operation", value: operation }] as const;
  await hubUser(stage).jsonPatch(applicationRef(app.name), patch, userWrite);
}

/** A merge patch that leaves nothing of what was there before. */
function replacing(spec: JsonObject): JsonObject {
  return { ...spec, syncPolicy: { automated: null, ...(spec["syncPolicy"] as JsonObject) } };
}
