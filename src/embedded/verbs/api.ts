import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import type { ServedKind } from "../kinds/served-kind.ts";
import type { StoredObject } from "../storage/store.ts";

/** Who asks. */
export interface User {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
}

/** What a request is about, from its path. */
export interface Target {
  readonly kind: ServedKind;
  /** Empty for cluster-scoped objects, and for all namespaces in a list. */
  readonly namespace: string;
  /** Empty for a collection. */
  readonly name: string;
  /** Empty, `status`, `scale`, … */
  readonly subresource: string;
}

export interface WriteOptions {
  readonly user: User;
  /** Empty when neither the query nor the user agent names one. */
  readonly fieldManager: string;
  readonly dryRun: boolean;
  readonly fieldValidation: "Strict" | "Warn" | "Ignore";
  /** Told what becomes a Warning header. */
  readonly warn: (message: string) => void;
}

export interface Preconditions {
  readonly uid?: string;
  readonly resourceVersion?: string;
}

export interface DeleteOptions extends WriteOptions {
  readonly propagation: "Foreground" | "Background" | "Orphan" | undefined;
  readonly gracePeriodSeconds: number | undefined;
  readonly preconditions: Preconditions;
}

export interface Selectors {
  readonly labelSelector: string;
  readonly fieldSelector: string;
}

export interface ListRequest extends Selectors {
  /** 0 for no limit. */
  readonly limit: number;
  /** A token of an earlier answer. */
  readonly continue: string;
  readonly resourceVersion: string;
  readonly resourceVersionMatch: "" | "Exact" | "NotOlderThan";
}

export interface ListAnswer {
  readonly items: readonly StoredObject[];
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

export interface WatchRequest extends Selectors {
  /** Empty or `0` for from now on, after what is there. */
  readonly resourceVersion: string;
  readonly allowBookmarks: boolean;
  /** The state first, then a bookmark that says that it is complete. */
  readonly sendInitialEvents: boolean;
  readonly onEvents: () => void;
}

export type WatchItem =
  | { readonly type: "ADDED" | "MODIFIED" | "DELETED"; readonly stored: StoredObject }
  | { readonly type: "BOOKMARK"; readonly object: KubeObject };

/** A watch that is read at the client's pace. */
export interface WatchReader extends Disposable {
  /** Undefined when there is nothing yet. Throws ApiError `Expired` when the client was too slow. */
  next(): WatchItem | undefined;
  /** A bookmark of how far it has come. */
  bookmark(): WatchItem;
}

export type PatchKind = "json" | "merge" | "strategic" | "apply";

export interface PatchRequest {
  readonly kind: PatchKind;
  readonly body: JsonValue;
  /** Only for apply. */
  readonly force: boolean;
}

export interface Written {
  readonly object: KubeObject;
  readonly created: boolean;
}

/** `object` is what is left of it; undefined when it is gone, which answers with a Status. */
export interface Deleted {
  readonly object: KubeObject;
  readonly gone: boolean;
}

/** What can be asked of a cluster. Every call is synchronous and atomic. Throws ApiError. */
export interface EmbeddedApi {
  get(target: Target): StoredObject;
  list(target: Target, request: ListRequest): ListAnswer;
  watch(target: Target, request: WatchRequest): WatchReader;
  create(target: Target, body: JsonObject, options: WriteOptions): KubeObject;
  update(target: Target, body: JsonObject, options: WriteOptions): Written;
  patch(target: Target, patch: PatchRequest, options: WriteOptions): Written;
  delete(target: Target, options: DeleteOptions): Deleted;
  deleteCollection(target: Target, selectors: Selectors, options: DeleteOptions): ListAnswer;
}
