import { formatAppKey, appKeyOf, parseApplication } from "#core/app/index.ts";
import { inClusterServer } from "#core/cluster/index.ts";
import { isMooringError, MooringError } from "#core/errors/index.ts";
import type { AppReferences } from "#core/hub/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { PushPlace } from "./open-push.ts";

/** Throws SYNC_REFUSED when the cluster's own control plane has an Application of that name for this cluster: it would undo what is applied. */
export async function refuseManaged(
  { app, target }: AppReferences,
  { cluster, controlPlane }: PushPlace,
  signal: AbortSignal,
): Promise<void> {
  const { name: wanted, namespace = controlPlane } = app.metadata;
  const ref = { type: hubTypes.application, namespace, name: wanted };
  let found;
  try {
    found = await cluster.read(ref, signal);
  } catch (error) {
    // Without the right to look at Applications this is none of those who manage them.
    if (isMooringError(error, "KUBE_FORBIDDEN") || isMooringError(error, "KUBE_NOT_FOUND")) return;
    throw error;
  }
  if (found === undefined) return;
  const managing = parseApplication(found);
  const { server, name } = managing.spec.destination;
  const isHere = [inClusterServer, target.server].includes(server ?? "") || name === "in-cluster";
  if (!isHere) return;
  throw new MooringError(
    "SYNC_REFUSED",
    `${formatAppKey(appKeyOf(managing))} manages this application from Git and would undo what is applied here; commit the change and run: mooring app sync ${app.metadata.name}, or go back to pushing with: mooring app delete ${app.metadata.name} --cascade=false`,
  );
}
