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
import type { Desired, RenderedSource } from "./desired.ts";
import { placeDesired } from "./desired.ts";
import type { SourceAccess } from "./open-source.ts";
import { renderSource } from "./render-source.ts";

export interface RenderContext extends SourceAccess {
  readonly renderer: Renderer;
  readonly openDataKeys: OpenDataKeys;
  /** The cluster that the objects are for. */
  readonly target: Cluster;
  readonly discovery: Discovery;
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
  const { target, discovery, signal } = context;
  const facts = () => readClusterFacts(target, discovery, signal);
  const rendered: RenderedSource[] = [];
  for (const [i, { source }] of references.sources.entries()) {
    if (isOnlyReferred(source) && references.sources.length > 1)
      rendered.push({ name: "", render: undefined });
    else {
      const render = await renderSource(i, { ...context, references, revisions, facts });
      rendered.push({ name: source.name ?? `sources[${i}]`, render });
    }
  }
  return placeDesired(rendered, revisions, {
    discovery,
    namespace: references.app.spec.destination.namespace ?? "",
    excludes: excludedBy(references),
    track: (object) => setTracking(object, references.tracking),
  });
}

function excludedBy({ settings, target }: AppReferences): (key: ObjectKey) => boolean {
  return (key) => {
    const { group, kind } = parseObjectKey(key);
    return excludesResource(settings.resourceFilter, { group, kind, server: target.server });
  };
}
