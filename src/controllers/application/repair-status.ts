import { statusRepair } from "#core/app/index.ts";
import type { AppKey } from "#core/app/index.ts";
import { isMooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { ApplicationDeps } from "./deps.ts";
import { hubFieldManager } from "./write-status.ts";

/**
 * Takes off an Application what cannot be read in its status: merge patches would leave it under what is written, and it could not
 * be read again. True when there was something.
 */
export async function repairStatus(
  key: AppKey,
  object: KubeObject,
  { deps, signal }: { readonly deps: ApplicationDeps; readonly signal: AbortSignal },
): Promise<boolean> {
  const status = statusRepair(object);
  if (status === undefined) return false;
  const fields = Object.keys(status).map((field) => `status.${field}`);
  deps.log.warn("another program wrote what is no status, taking it off", {
    app: key,
    fields: fields.join(", "),
  });
  const { name = "", namespace = "", resourceVersion = "" } = object.metadata;
  try {
    const written = await deps.hub.cluster.mergePatch(
      { type: hubTypes.application, namespace, name },
      { metadata: { resourceVersion }, status },
      { fieldManager: hubFieldManager, signal },
    );
    deps.hub.applications.observe(written);
  } catch (error) {
    if (!isMooringError(error, "KUBE_NOT_FOUND")) throw error;
  }
  return true;
}
