import type { FoundCondition } from "#core/app/index.ts";
import { parseObjectKey } from "#core/object/index.ts";
import { isOrphan, looksForOrphans, warnsOfOrphans } from "#core/project/index.ts";
import { excludesResource } from "#core/settings/index.ts";
import type { AppContext } from "#engine/app-context.ts";

const namedOrphans = 10;

/** Warns of objects in the application's namespace that no application manages, where its project asks for that; only then they are watched. */
export async function findOrphans(
  context: AppContext,
  signal: AbortSignal,
): Promise<readonly FoundCondition[]> {
  const { app, instance, live, project, settings, target } = context;
  const namespace = app.spec.destination.namespace ?? "";
  if (namespace === "" || !warnsOfOrphans(project)) {
    live.leaveNamespace(instance);
    return [];
  }
  const wants = (kind: { readonly group: string; readonly kind: string }): boolean =>
    looksForOrphans(project, kind) &&
    !excludesResource(settings.resourceFilter, { ...kind, server: target.server });
  await live.watchNamespace(instance, { namespace, wants }, signal);
  const orphans = live
    .straysIn(namespace)
    .map((key) => parseObjectKey(key))
    .filter((object) => wants(object) && isOrphan(project, object))
    .map(({ kind, name }) => `${kind}/${name}`);
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
