import type { AppKey, Application, HydratorStatus } from "#core/app/index.ts";
import { isMooringError } from "#core/errors/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { mergePatchOf } from "#core/object/index.ts";
import { annotationKey } from "#core/tracking/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { hubFieldManager } from "../application/write-status.ts";
import type { HydrationDeps } from "./deps.ts";

/** Whether somebody asked that an Application be hydrated, whatever was hydrated before. */
export function isAsked({ metadata }: Application): boolean {
  return metadata.annotations?.[annotationKey.hydrate] !== undefined;
}

/**
 * Says how the hydration of an Application goes, and takes off the request for it. An Application that is gone is left alone. Throws
 * KUBE_CONFLICT when the request may have been made anew meanwhile.
 */
export async function writeHydratorStatus(
  key: AppKey,
  update: (before: HydratorStatus, app: Application) => HydratorStatus,
  { deps, signal }: { readonly deps: Pick<HydrationDeps, "hub" | "parse">; readonly signal: AbortSignal },
): Promise<void> {
  const app = deps.parse(key);
  if (app === undefined) return;
  const before = app.status?.sourceHydrator ?? {};
  const patch = mergePatchOf(before as JsonObject, update(before, app) as JsonObject);
  const asked = isAsked(app);
  if (patch === undefined && !asked) return;
  const { name, namespace = "", resourceVersion = "" } = app.metadata;
  const metadata = { annotations: { [annotationKey.hydrate]: null }, resourceVersion };
  const body = {
    ...(asked ? { metadata } : {}),
    ...(patch === undefined ? {} : { status: { sourceHydrator: patch } }),
  };
  try {
    const written = await deps.hub.cluster.mergePatch({ type: hubTypes.application, namespace, name }, body, {
      fieldManager: hubFieldManager,
      signal,
    });
    deps.hub.applications.observe(written);
  } catch (error) {
    if (!isMooringError(error, "KUBE_NOT_FOUND")) throw error;
  }
}
