import type { Application, ApplicationStatus, Operation } from "#core/app/index.ts";
import { appKeyOf } from "#core/app/index.ts";
import { isMooringError } from "#core/errors/index.ts";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { jsonEqual, mergePatchOf } from "#core/object/index.ts";
import { annotationKey } from "#core/tracking/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { ApplicationDeps } from "./deps.ts";

export interface StatusWrite {
  readonly app: Application;
  readonly status: ApplicationStatus;
  /** An operation that ended: taken off the Application if it is still that one. */
  readonly ended?: Operation | undefined;
  /** An automated operation that starts: written so that a restart continues it. */
  readonly started?: Operation | undefined;
  /** Says for the first time that an operation runs: nobody may have taken it back meanwhile. */
  readonly begins?: boolean;
}

export const hubFieldManager = "mooring-controller";

/** The merge patch that a write needs; undefined when the Application already says all of it. */
export function patchOf({
  app,
  status,
  ended,
  started,
  begins = false,
}: StatusWrite): JsonObject | undefined {
  const statusPatch = mergePatchOf((app.status ?? {}) as JsonObject, status as JsonObject);
  const asked = app.metadata.annotations?.[annotationKey.refresh] !== undefined;
  const ends = ended !== undefined && app.operation !== undefined && sameOperation(app.operation, ended);
  const conditional = asked || ends || begins || started !== undefined;
  if (statusPatch === undefined && !conditional) return undefined;
  const metadata: Record<string, JsonValue> = {
    ...(asked ? { annotations: { [annotationKey.refresh]: null } } : {}),
    ...(conditional ? { resourceVersion: app.metadata.resourceVersion ?? "" } : {}),
  };
  return {
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
    ...(statusPatch === undefined ? {} : { status: statusPatch }),
    ...(ends ? { operation: null } : {}),
    ...(started === undefined ? {} : { operation: started as JsonObject }),
  };
}

function sameOperation(a: Operation, b: Operation): boolean {
  return jsonEqual(a as JsonObject, b as JsonObject);
}

/**
 * Writes what changed, and nothing when nothing did. Throws KUBE_CONFLICT when the Application changed meanwhile and the write
 * depends on that. Resolves to false when the Application is gone.
 */
export async function writeStatus(
  write: StatusWrite,
  deps: ApplicationDeps,
  signal: AbortSignal,
): Promise<boolean> {
  const patch = patchOf(write);
  if (patch === undefined) return true;
  const { name, namespace = "" } = write.app.metadata;
  try {
    const written = await deps.hub.cluster.mergePatch(
      { type: hubTypes.application, namespace, name },
      patch,
      { fieldManager: hubFieldManager, signal },
    );
    deps.hub.applications.observe(written);
    return true;
  } catch (error) {
    if (isMooringError(error, "KUBE_NOT_FOUND")) return false;
    throw error;
  }
}

/**
 * Like `writeStatus`; a status that the API server refuses, because it is too large, is written without the lines of the last sync's
 * result and of the single resources, so that the application goes on and says why it shows less.
 */
export async function writeFitting(
  write: StatusWrite,
  deps: ApplicationDeps,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    return await writeStatus(write, deps, signal);
  } catch (error) {
    const refused = ["KUBE_TOO_LARGE", "KUBE_INVALID"] as const;
    if (!isMooringError(error) || !refused.some((code) => code === error.code)) throw error;
    deps.log.error("status refused, writing less", { app: appKeyOf(write.app), error: error.message });
    return writeStatus({ ...write, status: shorten(write.status, error.message) }, deps, signal);
  }
}

function shorten(status: ApplicationStatus, reason: string): ApplicationStatus {
  const { operationState, conditions = [], ...rest } = status;
  const message = `the status cannot be written whole, so the lines of the last sync are left out: ${reason}`;
  const condition = { type: "UnknownError", message };
  if (operationState?.syncResult === undefined) return { ...rest, conditions: [...conditions, condition] };
  const { resources: _, ...syncResult } = operationState.syncResult;
  return {
    ...rest,
    operationState: { ...operationState, syncResult },
    conditions: [...conditions, condition],
  };
}
