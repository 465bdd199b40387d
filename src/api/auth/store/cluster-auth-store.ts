import { MooringError } from "#core/errors/index.ts";
import type { Cluster, ResourceType } from "#ports/cluster.ts";
import type { AuthStore, StoredKind } from "./auth-store.ts";

const namespaced = { namespaced: true, verbs: [], shortNames: [] } as const;

const types: Readonly<Record<StoredKind, ResourceType>> = {
  ConfigMap: { ...namespaced, group: "", version: "v1", kind: "ConfigMap", plural: "configmaps" },
  Secret: { ...namespaced, group: "", version: "v1", kind: "Secret", plural: "secrets" },
  AppProject: {
    ...namespaced,
    group: "argoproj.io",
    version: "v1alpha1",
    kind: "AppProject",
    plural: "appprojects",
  },
};

const fieldManager = "mooring-server";

/** The store in a namespace of the hub's cluster. */
export function createClusterAuthStore(cluster: Cluster, namespace: string): AuthStore {
  return {
    namespace,
    read: async (kind, name, signal) => await cluster.read({ type: types[kind], namespace, name }, signal),
    write: async (object, signal) => {
      const type = Object.values(types).find(({ kind }) => kind === object.kind);
      if (type === undefined) throw new MooringError("INTERNAL", `${object.kind} is not stored here`);
      return object.metadata.resourceVersion === undefined
        ? await cluster.create(type, object, { fieldManager, signal })
        : await cluster.replace(type, object, { fieldManager, signal });
    },
    watch: (kind, watched, signal) => {
      const selector =
        "name" in watched
          ? { fieldSelector: `metadata.name=${watched.name}` }
          : { labelSelector: watched.labelSelector };
      return cluster.watch(types[kind], { namespace, ...selector, signal });
    },
  };
}
