import type { AppKey } from "#core/app/index.ts";
import { inventoryOf } from "#core/app/index.ts";
import { removePaths } from "#core/differences/index.ts";
import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import type { AppReferences } from "#core/hub/index.ts";
import { parseRepositorySecret, withRepository } from "#core/repo/index.ts";
import type { AppContext } from "#engine/app-context.ts";
import type { ComparedObject } from "#engine/compare.ts";
import { compareApp } from "#engine/compare.ts";
import { comparisonRulesOf } from "#engine/comparison-rules.ts";
import type { Desired } from "#engine/desired.ts";
import { respectBy } from "#engine/ignored-fields.ts";
import type { SidesRequest } from "#engine/object-sides.ts";
import { sidesOf } from "#engine/object-sides.ts";
import { resolveRevision } from "#engine/open-source.ts";
import { renderDesired } from "#engine/render-desired.ts";
import { referencesOf, requireReferences } from "#engine/require-references.ts";
import { testRepository } from "#engine/test-repository.ts";
import type { LiveView, ManagedObject, ManifestRequest, RenderedManifests } from "#ports/live-view.ts";
import type { Timeline } from "#ports/timeline.ts";
import { mapLimit } from "#runtime/limit.ts";
import type { ApplicationDeps } from "./deps.ts";
import { createDeliveryView } from "./deliveries/delivery-view.ts";
import { loadOf } from "./load.ts";
import { describeArtifact, describeCommit, openRevision } from "./describe-source.ts";
import { askedOf, withFiles } from "./given-files.ts";
import { accessFor } from "./refresh-desired.ts";
import { desiredOf } from "./live-desired.ts";
import { orphansOf } from "./orphans.ts";
import { planFor } from "./plan-view.ts";
import { createRepositoryView } from "./repository-view.ts";

/** So many objects of one application are predicted at the same time. */
const predictConcurrency = 8;
/** An answer of a repository that is younger is not asked for again. */
const maxAgeMs = 60_000;

/**
 * What clients want to see of applications, from what the controller knows. A view works on claims and verdicts of its own: whoever looks
 * does not change what the controller decides by.
 */
export function createLiveView(deps: ApplicationDeps): LiveView {
  let views = 0;
  const contextOf = (key: AppKey): AppContext =>
    withLive(requireReferences(key, { hub: deps.hub, config: deps.config() }), deps);
  const claiming = async <Answer>(
    context: AppContext,
    look: (claimant: string) => Promise<Answer>,
  ): Promise<Answer> => {
    views += 1;
    const claimant = `view ${views} of ${context.instance}`;
    try {
      return await look(claimant);
    } finally {
      context.live.release(claimant);
    }
  };
  const compare = (comparison: Comparison) =>
    claiming(comparison.context, (claimant) => compareFor(claimant, comparison));
  return {
    managed: async (key, signal) => {
      const context = contextOf(key);
      const desired = await desiredOf(context, deps, signal);
      return compare({ context, desired, deps, signal });
    },
    plan: async (key, { operation, revisions, signal }) => {
      const context = contextOf(key);
      const desired =
        revisions.length === 0
          ? await desiredOf(context, deps, signal)
          : await desiredOfRevisions(context, { revisions, signal }, deps);
      const planning = { context, desired, operation, deps, signal };
      return claiming(context, (claimant) => planFor(claimant, planning));
    },
    preview: async (app, operation, signal) => {
      const context = withLive(referencesOf(app, { hub: deps.hub, config: deps.config() }), deps);
      const desired = await desiredOfRevisions(context, { revisions: [], signal }, deps);
      const planning = { context, desired, operation, deps, signal };
      return claiming(context, (claimant) => planFor(claimant, planning));
    },
    compareWith: async (key, manifests, signal) => {
      const context = contextOf(key);
      const asked = await askedOf(context, manifests, { deps, signal });
      const compared = await compare({ context, desired: asked.managed, deps, signal });
      const wanted = new Set(asked.managed.objects.map((object) => object.key));
      return [...compared.filter((object) => wanted.has(object.key)), ...asked.others];
    },
    describeCommit: async (key, revision) => describeCommit(contextOf(key), revision, deps.adapters),
    describeArtifact: async (key, revision) => describeArtifact(contextOf(key), revision, deps.adapters),
    openSource: async (key, revision) => openRevision(contextOf(key), revision, deps.adapters),
    manifests: async (key, request) => manifestsOf(contextOf(key), request, deps),
    testRepository: (secret, signal) => testAsIfStored(secret, deps, signal),
    timeline: (key, limit) => timelineOf(key, limit, deps),
    deliveries: createDeliveryView(deps),
    load: async () => loadOf(deps),
    repositories: createRepositoryView(deps),
    lastSeen: async (key, objects) => lastSeenIn(contextOf(key), objects),
    orphans: async (key) => orphansOf(contextOf(key)),
  };
}

function lastSeenIn(
  { live }: AppContext,
  objects: readonly ObjectKey[],
): readonly (KubeObject | undefined)[] {
  return objects.map((object) => live.get(object));
}

async function timelineOf(app: AppKey, limit: number, { hub, timeline }: ApplicationDeps): Promise<Timeline> {
  const uid = hub.applications.get(app)?.metadata.uid;
  if (uid === undefined || timeline === undefined) return { drifts: [], deliveries: [] };
  return timeline.read({ app, uid }, limit);
}

function withLive(references: AppReferences, { registry }: ApplicationDeps): AppContext {
  return { ...references, live: registry.get(references.target) };
}

interface Comparison {
  readonly context: AppContext;
  readonly desired: Desired;
  readonly deps: ApplicationDeps;
  readonly signal: AbortSignal;
}

async function compareFor(
  claimant: string,
  { context, desired, deps, signal }: Comparison,
): Promise<readonly ManagedObject[]> {
  const { live, tracking } = context;
  const rules = comparisonRulesOf({ ...context, scripts: deps.scripts });
  const compared = await compareApp({
    claimant,
    desired,
    inventory: inventoryOf(context.app),
    live,
    tracking,
    secretHash: deps.secretHash,
    verdicts: new Map(deps.states.get(context.key)?.verdicts),
    rules,
    health: deps.healthChecks.judgeBy(context.settings.healthScripts, context.instance),
    signal,
  });
  const request = { live, rules, respect: respectBy(rules, { cluster: live.cluster, tracking }), signal };
  return mapLimit(compared, predictConcurrency, (object) => managedOf(object, request));
}

async function managedOf(object: ComparedObject, request: SidesRequest): Promise<ManagedObject> {
  const { key, apiVersion, sync, health, hook, desired } = object;
  const common = {
    key,
    version: apiVersion.slice(apiVersion.indexOf("/") + 1),
    target: desired?.read(),
    sync,
    health,
    hook,
    secretPaths: desired?.secretPaths ?? [],
  };
  if (sync === "Synced") {
    // What is in sync is what a sync would leave: nobody has to be asked.
    const live = request.live.get(key);
    return { ...common, live, normalizedLive: live, predicted: live };
  }
  const { before, after, ignored } = await sidesOf(object, request);
  const without = (one: KubeObject | undefined, side: 0 | 1) =>
    one === undefined ? undefined : (removePaths(one, ignored[side]) as KubeObject);
  return { ...common, live: before, normalizedLive: without(before, 0), predicted: without(after, 1) };
}

async function manifestsOf(
  context: AppContext,
  request: ManifestRequest,
  deps: ApplicationDeps,
): Promise<RenderedManifests> {
  const desired = await desiredOfRevisions(context, request, deps);
  return {
    revisions: desired.revisions,
    sourceTypes: desired.sourceTypes,
    objects: desired.objects.map((object) => ({
      object: object.read(),
      secretPaths: object.secretPaths ?? [],
    })),
  };
}

/** What the sources render to at revisions that somebody asks for, or from files of theirs. */
async function desiredOfRevisions(
  context: AppContext,
  { revisions: asked, files, signal }: ManifestRequest,
  { adapters }: ApplicationDeps,
): Promise<Desired> {
  const references = files === undefined ? context : withFiles(context, files);
  const access = accessFor(references, adapters, { maxAgeMs, signal });
  const revisions: string[] = [];
  for (const [i, reference] of references.sources.entries()) {
    const { targetRevision = "" } = reference.source;
    revisions.push(
      files === undefined ? await resolveRevision(reference, asked[i] ?? "", access) : targetRevision,
    );
  }
  const target = context.live.cluster;
  const discovery = await target.discover(signal);
  const { renderer, openDataKeys } = adapters;
  return await renderDesired(references, revisions, {
    ...access,
    renderer,
    openDataKeys,
    target,
    discovery,
    local: files?.tree,
  });
}

/** Asks a repository as it will be once this Secret is there: known hosts, certificates and templates included. */
async function testAsIfStored(
  secret: KubeObject,
  { adapters: { git, registry }, config }: ApplicationDeps,
  signal: AbortSignal,
): Promise<void> {
  const wanted = parseRepositorySecret(secret);
  await testRepository(wanted, {
    repositories: withRepository(config().repositories, wanted),
    git: () => Promise.resolve(git),
    registry: () => Promise.resolve(registry),
    signal,
  });
}
