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
  /** The finalizers that the Application is to have; undefined when it has them. */
  readonly finalizers?: readonly string[] | undefined;
  /** Annotations that are to change, null for one that is to go; holds only for the Application as it was read. */
  readonly annotations?: Readonly<Record<string, string | null>>;
}

export type Notes = Readonly<Record<string, string | null>>;

export const hubFieldManager = "mooring-controller";

/** The merge patch that a write needs; undefined when the Application already says all of it. */
export function patchOf({
  app,
  status,
  ended,
  started,
  begins = false,
  finalizers,
  annotations = {},
}: StatusWrite): JsonObject | undefined {
  const statusPatch = mergePatchOf((app.status ?? {}) as JsonObject, status as JsonObject);
  const asked = app.metadata.annotations?.[annotationKey.refresh] !== undefined;
  const ends = ended !== undefined && app.operation !== undefined && sameOperation(app.operation, ended);
  const changed = { ...annotations, ...(asked ? { [annotationKey.refresh]: null } : {}) };
  const annotates = Object.keys(changed).length > 0;
  const conditional = annotates || ends || begins || started !== undefined || finalizers !== undefined;
  if (statusPatch === undefined && !conditional) return undefined;
  const metadata: Record<string, JsonValue> = {
    ...(annotates ? { annotations: changed } : {}),
    ...(finalizers === undefined ? {} : { finalizers }),
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
 * result, so that the application goes on and says why it shows less. The lines of what is about to be applied stay if they fit: they
 * are what a crash leaves of it.
 */
export async function writeFitting(
  write: StatusWrite,
  deps: ApplicationDeps,
  signal: AbortSignal,
): Promise<boolean> {
  let refusal: string;
  try {
    return await writeStatus(write, deps, signal);
  } catch (error) {
    refusal = refusalOf(error);
    deps.log.error("status refused, writing less", { app: appKeyOf(write.app), error: refusal });
  }
  const shortened = (keep: "intended" | "none"): StatusWrite => ({
    ...write,
    status: shortenStatus(write.status, keep, refusal),
  });
  try {
    return await writeStatus(shortened("intended"), deps, signal);
  } catch (error) {
    refusal = refusalOf(error);
  }
  return writeStatus(shortened("none"), deps, signal);
}

/** What the API server has against an object itself; throws anything else. */
function refusalOf(error: unknown): string {
  if (isMooringError(error, "KUBE_TOO_LARGE") || isMooringError(error, "KUBE_INVALID")) return error.message;
  throw error;
}

/** A status without the outcomes of the last sync; with the lines that say none yet, and no more than names, where they are to stay. */
export function shortenStatus(
  status: ApplicationStatus,
  keep: "intended" | "none",
  reason: string,
): ApplicationStatus {
  const { operationState, conditions = [], ...rest } = status;
  const message = `the status cannot be written whole, so the lines of the last sync are left out: ${reason}`;
  const said = [...conditions, { type: "UnknownError", message }];
  if (operationState?.syncResult === undefined) return { ...rest, conditions: said };
  const { resources = [], ...syncResult } = operationState.syncResult;
  const kept = keep === "none" ? [] : resources.filter((line) => line.status === undefined);
  const lines = kept.map((line) => {
    const { message: _, ...names } = line;
    return names;
  });
  return {
    ...rest,
    operationState: {
      ...operationState,
      syncResult: { ...syncResult, ...(lines.length === 0 ? {} : { resources: lines }) },
    },
    conditions: said,
  };
}
