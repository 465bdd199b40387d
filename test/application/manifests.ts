import type { JsonObject } from "#core/object/index.ts";

/** What makes a manifest a test's own, beyond its kind and name. */
export interface Metadata {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly namespace?: string;
  readonly generateName?: string;
}

export function configMap(name: string, data: Readonly<Record<string, string>> = {}, meta: Metadata = {}) {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, ...meta }, data } satisfies JsonObject;
}

export function namespaceManifest(name: string, meta: Metadata = {}) {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, ...meta } } satisfies JsonObject;
}

/** A Deployment of one pod that is ready at once; `spec` overrides. */
export function deployment(name: string, spec: JsonObject = {}, meta: Metadata = {}) {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, ...meta },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: "main", image: "registry.example/web:1" }] },
      },
      ...spec,
    },
  } satisfies JsonObject;
}

/** A Job whose pod runs a command as test/control-plane/stages.ts plays it: `true`, `false`, `sleep 2`, `sleep infinity`. */
export function job(name: string, command: string, meta: Metadata = {}) {
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { ...(meta.generateName === undefined ? { name } : {}), ...meta },
    spec: {
      backoffLimit: 0,
      template: {
        spec: {
          restartPolicy: "Never",
          containers: [{ name: "main", image: "registry.example/tool:1", command: ["sh", "-c", command] }],
        },
      },
    },
  } satisfies JsonObject;
}

/** `argocd.argoproj.io/<name>` annotations. */
export function argo(entries: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(entries).map(([name, value]) => [`argocd.argoproj.io/${name}`, value]),
  );
}

/** A minimal definition of a namespaced custom kind in a group of the test's own. */
export function customResourceDefinition(group: string, kind: string, meta: Metadata = {}) {
  const plural = `${kind.toLowerCase()}s`;
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}`, ...meta },
    spec: {
      group,
      scope: "Namespaced",
      names: { plural, singular: kind.toLowerCase(), kind },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: "object",
              properties: { spec: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
            },
          },
        },
      ],
    },
  } satisfies JsonObject;
}

/** The definition of a kind that keeps whatever it is given; `version` adds to its only version. */
export function openDefinition(group: string, kind: string, version: JsonObject = {}) {
  const definition = customResourceDefinition(group, kind);
  const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
  const versions = definition.spec.versions.map((one) => ({ ...one, schema, ...version }));
  return { ...definition, spec: { ...definition.spec, versions } } satisfies JsonObject;
}

/** Of Argo Rollouts, as far as its name and its status go. */
export const rolloutDefinition = openDefinition("argoproj.io", "Rollout", { subresources: { status: {} } });
