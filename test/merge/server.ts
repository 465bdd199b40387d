import type { ControlPlaneAccess } from "../control-plane/kubeconfig.ts";
import { callApi } from "../control-plane/api-client.ts";
import type { FieldSchema } from "#core/merge/index.ts";
import { parseOpenApiV3 } from "#core/merge/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { gvkOf, parseApiVersion } from "#core/object/index.ts";

/** Plurals of the kinds in the cases that are not their lowercase name and an s. */
const PLURALS: Readonly<Record<string, string>> = {
  Ingress: "ingresses",
  NetworkPolicy: "networkpolicies",
  StorageClass: "storageclasses",
  PriorityClass: "priorityclasses",
  IngressClass: "ingressclasses",
  ResourceQuota: "resourcequotas",
  Endpoints: "endpoints",
  ValidatingAdmissionPolicy: "validatingadmissionpolicies",
};

const CLUSTER_SCOPED: ReadonlySet<string> = new Set([
  "ClusterRole",
  "ClusterRoleBinding",
  "CustomResourceDefinition",
  "PriorityClass",
  "StorageClass",
  "ValidatingWebhookConfiguration",
  "MutatingWebhookConfiguration",
  "PersistentVolume",
  "IngressClass",
  "Namespace",
  "ValidatingAdmissionPolicy",
]);

/** The requests that prediction is compared with, on one control plane and in one namespace. */
export function mergeServer(access: ControlPlaneAccess, namespace: string) {
  const schemas = new Map<string, Promise<ReturnType<typeof parseOpenApiV3>>>();

  function pathOf(object: KubeObject): string {
    const { group } = parseApiVersion(object.apiVersion);
    const root = group === "" ? `/api/${object.apiVersion}` : `/apis/${object.apiVersion}`;
    const plural = PLURALS[object.kind] ?? `${object.kind.toLowerCase()}s`;
    const scope = CLUSTER_SCOPED.has(object.kind) ? "" : `/namespaces/${namespace}`;
    return `${root}${scope}/${plural}/${object.metadata.name ?? ""}`;
  }

  return {
    read: (object: KubeObject): Promise<KubeObject> => callApi(access, { path: pathOf(object) }),

    apply: (object: KubeObject, manager: string, dryRun = false): Promise<KubeObject> =>
      callApi(access, {
        method: "PATCH",
        path: `${pathOf(object)}?fieldManager=${manager}&force=true${dryRun ? "&dryRun=All" : ""}`,
        contentType: "application/apply-patch+yaml",
        body: object,
      }),

    update: (object: KubeObject, patch: JsonObject, manager: string): Promise<KubeObject> =>
      callApi(access, {
        method: "PATCH",
        path: `${pathOf(object)}?fieldManager=${manager}`,
        contentType: "application/merge-patch+json",
        body: patch,
      }),

    jsonPatch: (object: KubeObject, patch: readonly unknown[]): Promise<KubeObject> =>
      callApi(access, {
        method: "PATCH",
        path: pathOf(object),
        contentType: "application/json-patch+json",
        body: patch,
      }),

    create: (object: KubeObject, manager: string): Promise<KubeObject> =>
      callApi(access, {
        method: "POST",
        path: `${pathOf(object).replace(/\/[^/]*$/, "")}?fieldManager=${manager}`,
        body: object,
      }),

    /** Removes it for good: a finalizer would keep it, and its namespace, for ever. */
    async discard(object: KubeObject): Promise<void> {
      await this.update(object, { metadata: { finalizers: null } }, "test");
      await this.remove(object);
    },

    remove: (object: KubeObject): Promise<unknown> =>
      callApi(access, { method: "DELETE", path: pathOf(object) }),

    async schemaOf(object: KubeObject): Promise<FieldSchema | undefined> {
      const { group } = parseApiVersion(object.apiVersion);
      const path = `/openapi/v3/${group === "" ? "api" : "apis"}/${object.apiVersion}`;
      const fetching =
        schemas.get(path) ??
        callApi<JsonObject>(access, { path }).then((document) => parseOpenApiV3(document));
      schemas.set(path, fetching);
      return (await fetching).schemaOf(gvkOf(object));
    },

    forgetSchemas: (): void => schemas.clear(),
  };
}

export type MergeServer = ReturnType<typeof mergeServer>;
