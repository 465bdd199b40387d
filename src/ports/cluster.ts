import type { FieldSchema } from "#core/merge/schema.ts";
import type { GroupVersionKind, JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";

/** One resource type that a cluster serves, from its discovery document. */
export interface ResourceType extends GroupVersionKind {
  readonly plural: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly shortNames: readonly string[];
  /** The status is written apart from the rest, by its own subresource. */
  readonly statusSubresource?: boolean;
}

export interface Discovery {
  readonly types: readonly ResourceType[];
  /** The type of a group and kind; the asked version when it is served, else the preferred one. */
  typeOf(group: string, kind: string, version?: string): ResourceType | undefined;
  /** Group versions that could not be listed, such as an aggregated API that is down, with the reason. */
  readonly failed: ReadonlyMap<string, string>;
}

export interface ObjectRef {
  readonly type: ResourceType;
  /** Empty for cluster-scoped objects. */
  readonly namespace: string;
  readonly name: string;
}

export interface ListOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Ask for PartialObjectMetadata only. */
  readonly metadataOnly?: boolean;
  readonly signal: AbortSignal;
}

/**
 * What a list/watch loop reports. `synced` follows the first complete list. After a 410 the loop lists again and
 * reports only the differences: nothing that happened is lost and nothing that did not happen is invented.
 */
export type WatchEvent =
  | { readonly type: "applied"; readonly object: KubeObject }
  | { readonly type: "deleted"; readonly object: KubeObject }
  | { readonly type: "synced"; readonly resourceVersion: string }
  | { readonly type: "disconnected"; readonly error: Error };

export interface WriteOptions {
  readonly fieldManager: string;
  readonly dryRun?: boolean;
  /** `Strict` makes unknown and duplicate fields an error; the default is `Warn`. */
  readonly fieldValidation?: "Strict" | "Warn" | "Ignore";
  readonly signal: AbortSignal;
}

interface PatchOptions extends WriteOptions {
  /** What is patched is the status, of a type that has it as a subresource. */
  readonly subresource?: "status";
}

interface ApplyOptions extends WriteOptions {
  readonly force: boolean;
}

export interface RemoveOptions {
  readonly propagation: "Foreground" | "Background" | "Orphan";
  /** So long a pod may take to end; its own time unless told, and 0 ends it at once. */
  readonly gracePeriodSeconds?: number;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly dryRun?: boolean;
  readonly signal: AbortSignal;
}

/** What of a container's log is read. */
export interface LogOptions {
  /** May be left out for a pod with one container. */
  readonly container?: string;
  /** Goes on with what is written later, until the container ends. */
  readonly follow?: boolean;
  /** The log of the run before the current one. */
  readonly previous?: boolean;
  /** Only so many lines from the end. */
  readonly tailLines?: number;
  readonly sinceSeconds?: number;
  /** RFC 3339; not together with `sinceSeconds`. */
  readonly sinceTime?: string;
  readonly signal: AbortSignal;
}

export interface LogLine {
  /** RFC 3339 with nanoseconds as the container runtime wrote it; empty for a line without. */
  readonly time: string;
  readonly text: string;
}

/** One cluster's API server. Every call may throw a MooringError with a `KUBE_` code, or AbortError. */
export interface Cluster extends AsyncDisposable {
  readonly server: string;
  readVersion(
    signal: AbortSignal,
  ): Promise<{ readonly gitVersion: string; readonly major: string; readonly minor: string }>;
  /** Cached; refreshed when CustomResourceDefinitions or APIServices change while `keepFresh` runs, or by `refresh`. */
  discover(signal: AbortSignal, options?: { readonly refresh?: boolean }): Promise<Discovery>;
  /** The structural schema of a kind from OpenAPI v3; undefined when the server publishes none. Cached. */
  schemaOf(gvk: GroupVersionKind, signal: AbortSignal): Promise<FieldSchema | undefined>;
  /** Undefined when the object does not exist. */
  read(ref: ObjectRef, signal: AbortSignal): Promise<KubeObject | undefined>;
  /** What is there, read page by page. */
  list(type: ResourceType, options: ListOptions): Promise<readonly KubeObject[]>;
  /** The same for whoever need not have all of it in memory. A page with `first` begins the list, again when its pages expired on the way. */
  listPages(
    type: ResourceType,
    options: ListOptions,
  ): AsyncIterable<{ readonly objects: readonly KubeObject[]; readonly first: boolean }>;
  /** Lists, then watches until the signal aborts, recovering from every failure with jittered backoff. */
  watch(type: ResourceType, options: ListOptions): AsyncIterable<WatchEvent>;
  /** The lines of a container's log as they come; an overlong line loses its end. Ends when the log does. */
  readLogs(
    pod: { readonly namespace: string; readonly name: string },
    options: LogOptions,
  ): AsyncIterable<LogLine>;
  /** Server-side apply. */
  apply(type: ResourceType, object: KubeObject, options: ApplyOptions): Promise<KubeObject>;
  create(type: ResourceType, object: KubeObject, options: WriteOptions): Promise<KubeObject>;
  /** PUT; the object's resourceVersion is the precondition. */
  replace(type: ResourceType, object: KubeObject, options: WriteOptions): Promise<KubeObject>;
  /** RFC 7386 merge patch; put `metadata.resourceVersion` in the patch to make it conditional. */
  mergePatch(ref: ObjectRef, patch: JsonObject, options: PatchOptions): Promise<KubeObject>;
  /** RFC 6902 JSON patch. */
  jsonPatch(ref: ObjectRef, patch: readonly JsonPatchOperation[], options: WriteOptions): Promise<KubeObject>;
  /** Deletes; `gone` when it did not exist or its uid no longer matches, `deleting` while finalizers hold it. */
  remove(ref: ObjectRef, options: RemoveOptions): Promise<"deleted" | "deleting" | "gone">;
  /** The same cluster, every request made as this user (impersonation), on the same connections. */
  as(user: { readonly user: string; readonly groups?: readonly string[] }): Cluster;
}

export interface JsonPatchOperation {
  readonly op: "add" | "remove" | "replace" | "test";
  readonly path: string;
  readonly value?: JsonValue;
}
