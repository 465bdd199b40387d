import type { KubeObject } from "#core/object/index.ts";
import type { Cluster } from "./cluster.ts";

/** `namespace/name`. */
export type HubKey = string;

/** The objects of one kind on the hub, kept current by a watch. */
export interface Collection {
  get(key: HubKey): KubeObject | undefined;
  values(): Iterable<KubeObject>;
  /** Puts the answer of our own write in, so that the next read is not older than it. */
  observe(object: KubeObject): void;
  /** Resolves after the first complete list. */
  readonly synced: Promise<void>;
  /** Resolves when the signal aborts. */
  readonly ended: Promise<void>;
}

/** The hub's state as Kubernetes objects in one namespace, kept current by watches. */
export interface Hub {
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly applications: Collection;
  readonly projects: Collection;
  /** Secrets labelled as repository, repo-creds or cluster. */
  readonly secrets: Collection;
  /** Secrets labelled as keys for encrypted files. */
  readonly keys: Collection;
  readonly configMaps: Collection;
  /** ConfigMaps and Secrets labelled as variables. */
  readonly variables: readonly Collection[];
  /** In the namespaces of Applications; empty where their definitions are not installed. */
  readonly pipelines: Collection;
  readonly promotions: Collection;
  readonly synced: Promise<void>;
  readonly ended: Promise<void>;
}
