import { MooringError } from "#core/errors/index.ts";
import type { KubeObject, ObjectKeyParts, StringMap } from "#core/object/index.ts";
import { keyOf, parseObjectKey, viewString } from "#core/object/index.ts";
import { annotationKey, defaultInstanceLabelKey } from "./annotations.ts";
import { readAnnotation } from "./read-annotation.ts";
import { parseTrackingId, trackingId } from "./tracking-id.ts";

/** How objects are marked: `application.resourceTrackingMethod` in argocd-cm. */
export type TrackingMethod = "annotation" | "label" | "annotation+label";

interface TrackingOptions {
  /** Default `annotation`. With `annotation+label` the label only informs: ownership is read from the annotation. */
  readonly method?: TrackingMethod;
  /** Default `app.kubernetes.io/instance`. */
  readonly labelKey?: string;
  /** Tells several installations on one cluster apart; empty when there is only this one. */
  readonly installationId?: string;
}

export interface SetTrackingOptions extends TrackingOptions {
  /** The Application's instance name, see `appInstanceName`. */
  readonly appName: string;
  /** The Application's destination namespace, which the ids of cluster-scoped objects carry. */
  readonly namespace?: string;
}

interface Tracking {
  /** The instance name of the Application that the object is marked with. */
  readonly app: string;
  /** Always the object's own identity. */
  readonly key: ObjectKeyParts;
}

const maxLabelLength = 63;

/**
 * The object marked as belonging to an Application; the argument is left as it is. Replaces marks that were copied
 * along with a manifest. Throws APP_INVALID when the name cannot be a label's value and the label is what tracks: a
 * shortened name would make one Application prune the objects of another.
 */
export function setTracking(desired: KubeObject, options: SetTrackingOptions): KubeObject {
  const method = options.method ?? "annotation";
  const metadata = { ...desired.metadata };
  const annotations = trackingAnnotations(desired, method, options);
  if (Object.keys(annotations).length > 0) metadata.annotations = annotations;
  else delete metadata.annotations;
  if (method !== "annotation") {
    const labelKey = options.labelKey ?? defaultInstanceLabelKey;
    metadata.labels = { ...metadata.labels, [labelKey]: instanceLabel(options.appName, method) };
  }
  return { ...desired, metadata };
}

/** The object under another name, its tracking id made out for that; for objects that get their name late. */
export function renameTracked(object: KubeObject, name: string): KubeObject {
  const { generateName: _, ...metadata } = object.metadata;
  const renamed: KubeObject = { ...object, metadata: { ...metadata, name } };
  const id = /^(?<app>[^:/\s]+):.*:(?<namespace>[^:/\s]*)\//u.exec(
    readAnnotation(object, annotationKey.trackingId) ?? "",
  )?.groups;
  if (id === undefined) return renamed;
  const { app = "", namespace = "" } = id;
  const annotations = {
    ...metadata.annotations,
    [annotationKey.trackingId]: trackingId({ app, key: keyOf(renamed), namespace }),
  };
  return { ...renamed, metadata: { ...renamed.metadata, annotations } };
}

function trackingAnnotations(
  desired: KubeObject,
  method: TrackingMethod,
  options: SetTrackingOptions,
): StringMap {
  const annotations: Record<string, string> = { ...desired.metadata.annotations };
  delete annotations[annotationKey.trackingId];
  delete annotations[annotationKey.installationId];
  if (method !== "label") {
    const { appName: app, namespace = "" } = options;
    annotations[annotationKey.trackingId] = trackingId({ app, key: keyOf(desired), namespace });
  }
  if (options.installationId) annotations[annotationKey.installationId] = options.installationId;
  return annotations;
}

function instanceLabel(appName: string, method: TrackingMethod): string {
  if (appName.length <= maxLabelLength) return appName;
  if (method === "label") {
    throw new MooringError(
      "APP_INVALID",
      `application ${appName}: name is longer than the ${maxLabelLength} characters of a label; ` +
        `shorten it or set application.resourceTrackingMethod to annotation`,
    );
  }
  return appName.slice(0, maxLabelLength).replace(/[^A-Za-z0-9]+$/, "");
}

/**
 * The Application that an object is marked with. Undefined when it carries no mark, a mark of another installation, or
 * one that was copied from another object: controllers copy annotations to what they create (a Deployment's to its
 * ReplicaSets), and believing the copy would prune objects that are nobody's.
 */
export function trackingOf(object: KubeObject, options: TrackingOptions = {}): Tracking | undefined {
  if ((readAnnotation(object, annotationKey.installationId) ?? "") !== (options.installationId ?? "")) {
    return undefined;
  }
  const key = parseObjectKey(keyOf(object));
  const app =
    options.method === "label"
      ? viewString(object.metadata, "labels", options.labelKey ?? defaultInstanceLabelKey)
      : annotatedApp(object, key);
  return app ? { app, key } : undefined;
}

/**
 * The other application that an object is marked with, in words; undefined for one without a mark and for our own. Marks of other
 * installations count here: what they manage is not for us to take over in silence. A mark with our application's name from before this
 * installation had an id is our own.
 */
export function otherOwnerOf(
  object: KubeObject,
  options: TrackingOptions & { readonly appName: string },
): string | undefined {
  const tracked = trackingOf(object, options);
  if (tracked !== undefined) return tracked.app === options.appName ? undefined : tracked.app;
  if (options.method === "label") return undefined;
  const installation = readAnnotation(object, annotationKey.installationId) ?? "";
  if (installation === (options.installationId ?? "")) return undefined;
  const app = annotatedApp(object, parseObjectKey(keyOf(object)));
  if (app === undefined || (installation === "" && app === options.appName)) return undefined;
  return installation === "" ? `${app} of another installation` : `${app} of installation ${installation}`;
}

function annotatedApp(object: KubeObject, key: ObjectKeyParts): string | undefined {
  const id = parseTrackingId(readAnnotation(object, annotationKey.trackingId) ?? "");
  if (id === undefined) return undefined;
  // A cluster-scoped object's id carries the Application's destination namespace, whatever that is.
  const sameNamespace = key.namespace === "" || key.namespace === id.namespace;
  const same = sameNamespace && key.group === id.group && key.kind === id.kind && key.name === id.name;
  return same ? id.app : undefined;
}

/** True when the object is marked as this Application's own. */
export function ownsObject(
  object: KubeObject,
  options: TrackingOptions & { readonly appName: string },
): boolean {
  return trackingOf(object, options)?.app === options.appName;
}
