import type { KubeObject } from "#core/object/index.ts";
import type { WatchEvent } from "#ports/cluster.ts";

/** The kinds of the control plane's namespace in which it stands who may come in. */
export type StoredKind = "ConfigMap" | "Secret" | "AppProject";

/** Which objects of a kind are watched: one, or those with a label. */
export type Watched = { readonly name: string } | { readonly labelSelector: string };

/**
 * Where accounts, keys and revocations are kept: objects of the control plane's namespace. Every call may throw a MooringError
 * with a `KUBE_` code, or AbortError.
 */
export interface AuthStore {
  readonly namespace: string;
  /** As the cluster has it now; undefined when it does not exist. */
  read(kind: StoredKind, name: string, signal: AbortSignal): Promise<KubeObject | undefined>;
  /**
   * Creates an object that has no resourceVersion, else replaces the version that it has. Throws KUBE_EXISTS or KUBE_CONFLICT when
   * somebody was quicker: read it again.
   */
  write(object: KubeObject, signal: AbortSignal): Promise<KubeObject>;
  /** What is there, then `synced`, then every change until the signal aborts. */
  watch(kind: StoredKind, watched: Watched, signal: AbortSignal): AsyncIterable<WatchEvent>;
}
