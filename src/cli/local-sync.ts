import type { Application, Operation } from "#core/app/index.ts";
import type { AppReferences } from "#core/hub/index.ts";
import { objectKey, parseObjectKey } from "#core/object/index.ts";
import type { ObjectKey } from "#core/object/index.ts";
import { readLocalManifests, refuseLocalSync } from "#engine/local-manifests.ts";
import { readConfig } from "./config.ts";
import { renderDesired } from "./desired.ts";
import type { CliHub } from "./hub.ts";
import { openTarget } from "./open-target.ts";
import type { CliPorts, LocalDirectory } from "./ports.ts";
import { resolveApp } from "./resolve.ts";
import { needsCluster } from "./server/needs-cluster.ts";

/** What files of this machine render to, for the operation that deploys it. */
export interface LocalSync {
  readonly references: AppReferences;
  readonly keys: readonly ObjectKey[];
  /** For `operation.sync.manifests`. */
  readonly manifests: readonly string[];
}

interface LocalSyncRequest {
  readonly hub: CliHub;
  readonly ports: CliPorts;
  readonly local: LocalDirectory;
  readonly dryRun: boolean;
}

/** Renders files of this machine as the application's source. Throws SYNC_REFUSED where they may not be deployed, CLI_NEEDS_CLUSTER, and `RENDER_` errors. */
export async function renderLocalSync(
  app: Application,
  { hub, ports, local, dryRun }: LocalSyncRequest,
): Promise<LocalSync> {
  if (hub.api !== undefined)
    throw needsCluster(
      hub.api.address,
      "the settings that files of this machine (--local) are rendered with",
    );
  const config = await readConfig(hub, ports);
  const references = await resolveApp(app, { hub, config, signal: ports.signal });
  refuseLocalSync(references, { sync: { dryRun } });
  await using target = await openTarget(references.target, hub, ports);
  const desired = await renderDesired(references, { target: target.cluster, revisions: [], ports, local });
  const manifests = desired.objects.map((object) => JSON.stringify(object.read()));
  readLocalManifests(manifests);
  return { references, keys: desired.objects.map(({ key }) => key), manifests };
}

/** The operation with the manifests. Throws SYNC_REFUSED when the application, as it is now, does not let them be deployed. */
export function withManifests(
  operation: Operation,
  app: Application,
  { references, manifests }: LocalSync,
): Operation {
  const local: Operation = { ...operation, sync: { ...operation.sync, manifests } };
  refuseLocalSync({ ...references, app }, local);
  return local;
}

/** The application as if its status listed what the files render to, too, so that it can be chosen. */
export function listingLocal(app: Application, { keys }: LocalSync): Application {
  const { resources = [] } = app.status ?? {};
  const listed = new Set(
    resources.map(({ group = "", kind = "", namespace = "", name = "" }) =>
      objectKey({ group, kind, namespace, name }),
    ),
  );
  const added = keys.filter((key) => !listed.has(key)).map((key) => ({ ...parseObjectKey(key) }));
  return { ...app, status: { ...app.status, resources: [...resources, ...added] } };
}
