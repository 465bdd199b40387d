import { isOnlyReferred } from "#core/app/index.ts";
import type { AppReferences } from "#core/hub/index.ts";
import type { ObjectKey } from "#core/object/index.ts";
import { parseObjectKey } from "#core/object/index.ts";
import { excludesResource } from "#core/settings/index.ts";
import { setTracking } from "#core/tracking/index.ts";
import type { Cluster, Discovery } from "#ports/cluster.ts";
import type { OpenDataKeys } from "#ports/data-keys.ts";
import type { Renderer } from "#ports/renderer.ts";
import { readClusterFacts } from "./cluster-facts.ts";
import type { Desired, Placement, RenderedSource } from "./desired.ts";
import { placeDesired } from "./desired.ts";
import { readLocalManifests } from "./local-manifests.ts";
import type { SourceReach } from "./open-source.ts";
import { fetcherForSource, openSource } from "./open-source.ts";
import { requireSignatures } from "./require-signatures.ts";
import type { SourceTree } from "#ports/source-tree.ts";
import type { SourceRender } from "./render-source.ts";
import { renderSource } from "./render-source.ts";

export interface RenderContext extends SourceReach {
  readonly renderer: Renderer;
  readonly openDataKeys: OpenDataKeys;
  /** The cluster that the objects are for. */
  readonly target: Cluster;
  readonly discovery: Discovery;
  /** What was asked for in place of target revisions, by source; an annotated tag among them must be signed where signatures are asked for. */
  readonly asked?: readonly string[] | undefined;
  /** Files that stand in for those of every source; of them no signature is asked. */
  readonly local?: SourceTree | undefined;
}

/**
 * Renders an application's sources, each at its revision and one after the other, and places their objects. Throws `GIT_`, `CHART_` and
 * `RENDER_` errors, CONFIG_INVALID for settings that a source needs.
 */
export async function renderDesired(
  references: AppReferences,
  revisions: readonly string[],
  context: RenderContext,
): Promise<Desired> {
  if (context.local === undefined) await requireSignatures(references, revisions, context);
  const rendered = await renderSources(references, revisions, context);
  return placeDesired(rendered, revisions, placementOf(references, context.discovery));
}

/**
 * What an application's sources render to as they would stand in Git: without marks, and with variables where they are, which may be
 * secrets. Throws what `renderDesired` throws.
 */
export async function renderForGit(
  references: AppReferences,
  revisions: readonly string[],
  context: RenderContext,
): Promise<readonly RenderedSource[]> {
  await requireSignatures(references, revisions, context);
  return await renderSources({ ...references, substitution: undefined }, revisions, context);
}

/**
 * Places the objects of manifests that an operation brings along as if they had been rendered; they are of no revision. Throws
 * RENDER_INVALID and RENDER_TOO_LARGE.
 */
export function placeManifests(
  references: AppReferences,
  manifests: readonly string[],
  discovery: Discovery,
): Desired {
  const render = readLocalManifests(manifests);
  return placeDesired([{ name: "manifests", render }], [], placementOf(references, discovery));
}

function placementOf(references: AppReferences, discovery: Discovery): Placement {
  return {
    discovery,
    namespace: references.app.spec.destination.namespace ?? "",
    excludes: excludedBy(references),
    track: (object) => setTracking(object, references.tracking),
  };
}

async function renderSources(
  references: AppReferences,
  revisions: readonly string[],
  context: RenderContext,
): Promise<readonly RenderedSource[]> {
  const { app, instance, project, settings, sources, privateKeys, substitution } = references;
  const { renderer, openDataKeys, target, discovery, signal, local } = context;
  const namespace = app.spec.destination.namespace ?? "";
  const render: SourceRender = {
    renderer,
    fetcherFor: (reference) => fetcherForSource(reference, context, { orKnown: true }),
    dataKeys: openDataKeys(privateKeys),
    substitution,
    subject: { name: app.metadata.name, instance, namespace, project: project.metadata.name },
    settings: settings.source,
    sources,
    revisions,
    open: async (i) => {
      const reference = sources[i];
      if (reference === undefined) throw new Error(`the application has no source ${i}`);
      return local ?? openSource(reference, revisions[i] ?? "", context);
    },
    facts: () => readClusterFacts(target, discovery, signal),
    signal,
  };
  const rendered: RenderedSource[] = [];
  for (const [i, { source }] of sources.entries()) {
    const lends = sources.length > 1 && isOnlyReferred(source);
    const result = lends ? undefined : await renderSource(i, render);
    rendered.push({ name: source.name ?? `sources[${i}]`, render: result });
  }
  return rendered;
}

function excludedBy({ settings, target }: AppReferences): (key: ObjectKey) => boolean {
  return (key) => {
    const { group, kind } = parseObjectKey(key);
    return excludesResource(settings.resourceFilter, { group, kind, server: target.server });
  };
}
