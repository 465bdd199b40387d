import type { Application } from "#core/app/index.ts";
import { trackingOptions } from "#core/hub/index.ts";
import type { SetTrackingOptions } from "#core/tracking/index.ts";
import { annotationKey, appInstanceName } from "#core/tracking/index.ts";
import type { ApplicationDeps } from "./deps.ts";
import type { AppState } from "./state.ts";

/** One look at an Application that is being deleted. */
export interface Deletion {
  readonly app: Application;
  readonly state: AppState;
  readonly deps: ApplicationDeps;
  readonly signal: AbortSignal;
}

/** What is to be done on the hub after a look at the cluster. */
export type DeletionStep =
  /** The stage is done: its finalizers go. */
  | { readonly do: "release" }
  /** The cluster works on it; the message says on what. */
  | { readonly do: "wait"; readonly message: string }
  /** Somebody has to approve. */
  | { readonly do: "confirm"; readonly message: string }
  /** Somebody has to put something right. */
  | { readonly do: "failed"; readonly message: string };

/** When the Application was deleted, Unix milliseconds. */
export function requestedAtMs({ metadata }: Application): number {
  return Date.parse(metadata.deletionTimestamp ?? "");
}

/** Somebody asked for a refresh. */
export function isAsked({ metadata }: Application): boolean {
  return metadata.annotations?.[annotationKey.refresh] !== undefined;
}

/** How the application's objects are marked; its project need not exist any more. */
export function deletionTrackingOf({ app, deps }: Deletion): SetTrackingOptions {
  const { namespace = "", name } = app.metadata;
  const instance = appInstanceName(namespace, name, deps.hub.namespace);
  return trackingOptions(instance, app, deps.config().settings);
}
