import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { viewArray, viewPath, viewString } from "#core/object/index.ts";
import type { ArtifactPush, FollowedSource, RepositoryPush, WebhookEvent } from "#core/webhook/index.ts";
import {
  artifactKey,
  branchOf,
  branchRef,
  canBeTold,
  followedName,
  hydratedSources,
  repositoryKey,
  tagOf,
  tagRef,
} from "#core/webhook/index.ts";
import { highestInRange, highestVersion, isVersionRange } from "#runtime/version-range.ts";

/** One source of an Application with what its repository is known by. */
interface KeyedSource extends FollowedSource {
  readonly tagPrefix: string;
  /** Of a chart or an artifact a registry's, else a Git repository's; undefined for what is no address. */
  readonly key: string | undefined;
  readonly kind: WebhookEvent["kind"];
}

/** Applications of the hub are replaced, never changed: what was read of one stays true. */
const known = new WeakMap<KubeObject, readonly KeyedSource[]>();

function sourcesOf(app: KubeObject): readonly KeyedSource[] {
  const found = known.get(app);
  if (found !== undefined) return found;
  const several = viewArray(app, "spec", "sources");
  const hydrated = hydratedSources(viewPath(app, "spec", "sourceHydrator"));
  const sources: readonly (JsonValue | undefined)[] =
    hydrated.length > 0
      ? hydrated.map(({ repoURL, revision }) => ({ repoURL, targetRevision: revision }))
      : several.length > 0
        ? several
        : [viewPath(app, "spec", "source")];
  const keyed = sources.map((source) => keyedSource(source)).filter((source) => isTellable(source));
  known.set(app, keyed);
  return keyed;
}

function keyedSource(source: JsonValue | undefined): KeyedSource {
  const repoURL = viewString(source, "repoURL") ?? "";
  const chart = viewString(source, "chart") ?? "";
  const isArtifact = chart !== "" || repoURL.startsWith("oci://");
  return {
    repoURL,
    revision: viewString(source, "targetRevision") ?? "",
    tagPrefix: viewString(source, "tagPrefix") ?? "",
    key: isArtifact
      ? artifactKey(chart === "" ? repoURL : `${repoURL.replace(/\/+$/u, "")}/${chart}`)
      : repositoryKey(repoURL),
    kind: isArtifact ? "artifact" : "push",
  };
}

/** What no repository has cannot be pushed, and would only take room from what can. */
function isTellable({ repoURL, revision, tagPrefix }: KeyedSource): boolean {
  return canBeTold([repoURL, revision, tagPrefix]);
}

/** The sources of these Applications that events are about, each once: those whose repository it is and whose revision may lead elsewhere now. */
export function touchedSources(
  events: readonly WebhookEvent[],
  apps: Iterable<KubeObject>,
): readonly FollowedSource[] {
  const judges = events.map((event) => judgeOf(event));
  const touched = new Map<string, FollowedSource>();
  for (const app of apps) {
    for (const source of sourcesOf(app)) {
      if (!judges.some((isTouched) => isTouched(source))) continue;
      const { repoURL, revision } = source;
      touched.set(followedName(source), { repoURL, revision });
    }
  }
  return [...touched.values()];
}

type Judge = (source: KeyedSource) => boolean;

function judgeOf(event: WebhookEvent): Judge {
  return event.kind === "push" ? pushJudge(event) : artifactJudge(event);
}

/** To look whether one of them is in a range would cost more than to ask the repository. */
const manyTags = 100;

function pushJudge({ urls, refs, defaultBranch }: RepositoryPush): Judge {
  const keys = new Set(urls.flatMap((url) => repositoryKey(url) ?? []));
  const pushed = new Set(refs);
  const tags = refs.flatMap((ref) => tagOf(ref) ?? []);
  const movesHead =
    defaultBranch === undefined
      ? refs.some((ref) => branchOf(ref) !== ref)
      : pushed.has(branchRef(defaultBranch));
  return ({ kind, key, revision, tagPrefix }) => {
    if (kind !== "push" || key === undefined || !keys.has(key)) return false;
    const wanted = revision.trim();
    if (wanted === "" || wanted === "HEAD") return movesHead;
    if (isCommit(wanted)) return false;
    const names = [wanted, branchRef(wanted), tagRef(wanted), `refs/${wanted}`];
    if (names.some((name) => pushed.has(name))) return true;
    if (tags.length === 0 || !isRange(wanted)) return false;
    return tags.length > manyTags || highestInRange(wanted, tags, tagPrefix) !== undefined;
  };
}

function isCommit(revision: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/iu.test(revision);
}

const isRange = (revision: string): boolean => revision.length <= 256 && isVersionRange(revision);

function artifactJudge({ repository, tag }: ArtifactPush): Judge {
  const pushed = artifactKey(repository);
  return ({ kind, key, revision }) => {
    if (kind !== "artifact" || key !== pushed) return false;
    const wanted = revision.trim();
    if (tag === undefined) return !wanted.startsWith("sha256:");
    // Registries permit no plus sign in tags, so versions are pushed with an underscore for it.
    const version = tag.replaceAll("_", "+");
    // Nothing is the newest release of a chart, and `latest` of an artifact.
    if (wanted === "" || wanted === tag || wanted === version) return true;
    return wanted.length <= 256 && highestVersion(wanted, [version]) !== undefined;
  };
}
