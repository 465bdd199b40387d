import type { Application } from "#core/app/index.ts";
import type { AppReferences } from "#core/hub/index.ts";
import { isMooringError } from "#core/errors/index.ts";
import type { KubeObject, ObjectKeyParts } from "#core/object/index.ts";
import { objectKey } from "#core/object/index.ts";
import { isOrphan, looksForOrphans } from "#core/project/index.ts";
import { excludesResource } from "#core/settings/index.ts";
import { trackingOf } from "#core/tracking/index.ts";
import type { Cluster, ResourceType } from "#ports/cluster.ts";
import { mapLimit } from "#runtime/limit.ts";
import { readConfig } from "../config.ts";
import type { CliHub } from "../hub.ts";
import { openTarget } from "../open-target.ts";
import type { CliPorts } from "../ports.ts";
import { resolveApp } from "../resolve.ts";

const listConcurrency = 16;

/** What is orphaned in an Application's namespace, and what could not be looked at. */
export interface Orphans {
  readonly orphans: readonly ObjectKeyParts[];
  /** Why this is not, or may not be, all. */
  readonly notes: readonly string[];
}

/** Lists every kind of an Application's namespace for objects that no Application manages, as its project says. */
export async function readOrphans(app: Application, hub: CliHub, ports: CliPorts): Promise<Orphans> {
  const { signal } = ports;
  const config = await readConfig(hub, ports);
  const references = await resolveApp(app, { hub, config, signal });
  const { project } = references;
  if (project.spec.orphanedResources === undefined) {
    const note = `AppProject ${project.metadata.name} does not watch for orphaned resources; set spec.orphanedResources`;
    return { orphans: [], notes: [note] };
  }
  await using target = await openTarget(references.target, hub, ports);
  const discovery = await target.cluster.discover(signal);
  // In the preferred version of each kind.
  const wanted = discovery.types.filter(
    (type) => discovery.typeOf(type.group, type.kind) === type && isWanted(type, references),
  );
  const lists = await mapLimit(wanted, listConcurrency, (type) =>
    listKind(type, references, { cluster: target.cluster, signal }),
  );
  return { orphans: lists.flatMap((list) => list.orphans), notes: lists.flatMap((list) => list.notes) };
}

function isWanted(type: ResourceType, { project, settings, target }: AppReferences): boolean {
  const isListed = type.namespaced && type.verbs.includes("list") && type.verbs.includes("watch");
  const { group, kind } = type;
  const isExcluded = excludesResource(settings.resourceFilter, { group, kind, server: target.server });
  return isListed && !isExcluded && looksForOrphans(project, type);
}

async function listKind(
  type: ResourceType,
  references: AppReferences,
  { cluster, signal }: { readonly cluster: Cluster; readonly signal: AbortSignal },
): Promise<Orphans> {
  const { app, project } = references;
  const namespace = app.spec.destination.namespace ?? "";
  const managed = new Set(
    (app.status?.resources ?? []).map(({ group = "", kind = "", namespace: at = "", name = "" }) =>
      objectKey({ group, kind, namespace: at, name }),
    ),
  );
  try {
    const objects = await cluster.list(type, { namespace, metadataOnly: true, signal });
    const strays = objects.filter((object) => isStray(identified(object, type), references));
    const orphans = strays
      .map(({ metadata: { name = "" } }) => ({ group: type.group, kind: type.kind, namespace, name }))
      .filter((key) => !managed.has(objectKey(key)) && isOrphan(project, key));
    return { orphans, notes: [] };
  } catch (error) {
    if (!isMooringError(error)) throw error;
    return { orphans: [], notes: [`${type.kind} is not looked at: ${error.message}`] };
  }
}

/** Lists of metadata name no kind. */
function identified(object: KubeObject, { group, version, kind }: ResourceType): KubeObject {
  return { ...object, apiVersion: group === "" ? version : `${group}/${version}`, kind };
}

function isStray(object: KubeObject, { settings }: AppReferences): boolean {
  const { trackingMethod: method, instanceLabelKey: labelKey, installationId } = settings;
  const owners = object.metadata.ownerReferences ?? [];
  return owners.length === 0 && trackingOf(object, { method, labelKey, installationId }) === undefined;
}
