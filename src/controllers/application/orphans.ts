import type { FoundCondition } from "#core/app/index.ts";
import type { ObjectKey } from "#core/object/index.ts";
import { parseObjectKey } from "#core/object/index.ts";
import { isOrphan, looksForOrphans, warnsOfOrphans, watchesForOrphans } from "#core/project/index.ts";
import { excludesResource } from "#core/settings/index.ts";
import type { AppContext } from "#engine/app-context.ts";
import type { NamespaceWatch } from "#ports/live-store.ts";

const namedOrphans = 10;

type Wants = NamespaceWatch["wants"];

/** Warns of objects in the application's namespace that no application manages, where its project asks for that. */
export async function findOrphans(
  context: AppContext,
  signal: AbortSignal,
): Promise<readonly FoundCondition[]> {
  const { app, instance, live, project } = context;
  const namespace = app.spec.destination.namespace ?? "";
  if (namespace === "" || !watchesForOrphans(project)) {
    live.leaveNamespace(instance);
    return [];
  }
  await live.watchNamespace(instance, { namespace, wants: wantsOf(context) }, signal);
  return warnsOfOrphans(project) ? warnOf(orphansOf(context), context) : [];
}

/** The objects that the application's project asks about; they are known once the application was looked at. */
export function orphansOf(context: AppContext): readonly ObjectKey[] {
  const { app, live, project } = context;
  const namespace = app.spec.destination.namespace ?? "";
  if (namespace === "" || !watchesForOrphans(project)) return [];
  const wants = wantsOf(context);
  return live.straysIn(namespace).filter((key) => {
    const object = parseObjectKey(key);
    return wants(object) && isOrphan(project, object);
  });
}

function wantsOf({ project, settings, target }: AppContext): Wants {
  return (kind) =>
    looksForOrphans(project, kind) &&
    !excludesResource(settings.resourceFilter, { ...kind, server: target.server });
}

function warnOf(keys: readonly ObjectKey[], { app, project }: AppContext): readonly FoundCondition[] {
  const namespace = app.spec.destination.namespace ?? "";
  const orphans = keys.map((key) => parseObjectKey(key)).map(({ kind, name }) => `${kind}/${name}`);
  if (orphans.length === 0) return [];
  const names = orphans.toSorted();
  const more = names.length > namedOrphans ? ` and ${names.length - namedOrphans} more` : "";
  const count = `${names.length} orphaned ${names.length === 1 ? "resource" : "resources"}`;
  const fix = `delete them, bring them into an Application, or list them in spec.orphanedResources.ignore of AppProject ${project.metadata.name}`;
  return [
    {
      type: "OrphanedResourceWarning",
      message: `Application has ${count} in namespace ${namespace}: ${names.slice(0, namedOrphans).join(", ")}${more}; ${fix}`,
    },
  ];
}
