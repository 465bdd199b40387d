import { inventoryOf } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { AppContext } from "#engine/app-context.ts";
import type { Desired, DesiredObject } from "#engine/desired.ts";
import { placeManifests } from "#engine/render-desired.ts";
import type { ClientFiles, ManagedObject } from "#ports/live-view.ts";
import type { ApplicationDeps } from "./deps.ts";
import { desiredOf } from "./live-desired.ts";

/**
 * The application as files of a client's are rendered for it. Whoever may only look could have them print what the project's own files may
 * use: such files get no keys, no variables that are secret and no credentials. Throws API_INVALID_ARGUMENT when it has several sources.
 */
export function withFiles(context: AppContext, { isTrusted }: ClientFiles): AppContext {
  if (context.sources.length > 1) {
    throw new MooringError(
      "API_INVALID_ARGUMENT",
      `the application has ${context.sources.length} sources, and nobody can tell which one the files stand for; commit them instead`,
    );
  }
  if (isTrusted) return context;
  const { repositories, substitution } = context;
  return {
    ...context,
    privateKeys: [],
    repositories: { ...repositories, repositories: [], templates: [] },
    substitution: (substitution?.secrets.length ?? 0) > 0 ? undefined : substitution,
  };
}

interface Asked {
  /** What the application manages of the manifests. */
  readonly managed: Desired;
  /** The rest, of which nothing that lives may be shown. */
  readonly others: readonly ManagedObject[];
}

interface Asking {
  readonly deps: ApplicationDeps;
  readonly signal: AbortSignal;
}

/**
 * Takes apart which of a client's manifests may be compared with what lives. The API server's answer to a dry run holds all of the live
 * object: it is asked only about objects that the application has, and not where they hold what is encrypted in Git, since nobody
 * knows any more which fields of the answer these are.
 */
export async function askedOf(
  context: AppContext,
  manifests: readonly string[],
  { deps, signal }: Asking,
): Promise<Asked> {
  const discovery = await context.live.cluster.discover(signal);
  const placed = placeManifests(context, manifests, discovery);
  const git = await desiredOf(context, deps, signal);
  const closed = new Set(
    git.objects.filter(({ secretPaths = [] }) => secretPaths.length > 0).map(({ key }) => key),
  );
  const own = new Set(inventoryOf(context.app));
  const isOpen = ({ key }: DesiredObject): boolean => own.has(key) && !closed.has(key);
  return {
    managed: { ...placed, objects: placed.objects.filter((object) => isOpen(object)) },
    others: placed.objects.filter((object) => !isOpen(object)).map((object) => unseen(object)),
  };
}

function unseen(object: DesiredObject): ManagedObject {
  const target = object.read();
  return {
    key: object.key,
    version: object.apiVersion.slice(object.apiVersion.indexOf("/") + 1),
    target,
    live: undefined,
    normalizedLive: undefined,
    predicted: target,
    sync: "OutOfSync",
    health: undefined,
    hook: false,
    secretPaths: [],
  };
}
