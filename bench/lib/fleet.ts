import path from "node:path";
import { stringify } from "yaml";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import { createRepository, type TestRepository } from "#test/git-servers/repository.ts";
import type { Bed } from "./bed.ts";
import { hubNamespace } from "./bed.ts";

export function appName(index: number): string {
  return `app-${String(index).padStart(5, "0")}`;
}

/** What a small service consists of. No pods: they would measure the scheduler and the nodes. */
export function fourObjects(name: string, text = "hello"): readonly KubeObject[] {
  const labels = { app: name };
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name } },
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name, labels }, data: { "greeting.txt": text } },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, labels },
      spec: { selector: labels, ports: [{ name: "http", port: 80, targetPort: 8080 }] },
    },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name, labels },
      spec: {
        replicas: 0,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            serviceAccountName: name,
            containers: [
              {
                name: "main",
                image: "registry.example/web:1",
                ports: [{ containerPort: 8080 }],
                envFrom: [{ configMapRef: { name } }],
                resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { memory: "128Mi" } },
              },
            ],
          },
        },
      },
    },
  ];
}

/** Four objects on which no other controller works, so that its work does not count for one side and against the other. */
export function fourQuietObjects(name: string): readonly KubeObject[] {
  const labels = { app: name };
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, labels } },
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name, labels }, data: { "greeting.txt": "hello" } },
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: `${name}-settings`, labels },
      data: { "settings.yaml": "level: info\nport: 8080\n".repeat(10) },
    },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "Role",
      metadata: { name, labels },
      rules: [
        { apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list", "watch"] },
        { apiGroups: ["apps"], resources: ["deployments"], verbs: ["get"] },
      ],
    },
  ];
}

export interface FleetOptions {
  readonly count: number;
  /** Destination namespace. */
  readonly namespace: string;
  readonly objects?: (name: string) => readonly KubeObject[];
  /** Undo changes made by hand. */
  readonly selfHeal?: boolean;
}

/** Applications that each deploy a directory of one repository. */
export interface Fleet {
  readonly repository: TestRepository;
  readonly names: readonly string[];
  /** Changes one application's directory, with no word to the controller; gives the commit. */
  commit(name: string, objects: readonly KubeObject[]): Promise<string>;
}

/** Makes the repository and creates the Applications. */
export async function createFleet(
  bed: Pick<Bed, "directory" | "create">,
  options: FleetOptions,
): Promise<Fleet> {
  const { count, objects = fourObjects } = options;
  const names = Array.from({ length: count }, (_, index) => appName(index));
  const repository = await createRepository(path.join(bed.directory, "fleet.git"));
  const fileOf = (name: string) => `apps/${name}/all.yaml`;
  await repository.commit(
    Object.fromEntries(names.map((name) => [fileOf(name), formatObjects(objects(name))])),
  );
  await bed.create(names.map((name) => application(name, repository, options)));
  return {
    repository,
    names,
    commit: async (name, changed) => repository.change({ [fileOf(name)]: formatObjects(changed) }),
  };
}

function formatObjects(objects: readonly KubeObject[]): string {
  return objects.map((object) => stringify(object, { lineWidth: 0 })).join("---\n");
}

/** Applications in a namespace that no controller looks at. */
export async function createApplications(
  bed: Bed,
  { count, hub }: { readonly count: number; readonly hub: string },
): Promise<void> {
  const from = { url: "https://git.example.com/fleet.git" };
  const apps = Array.from({ length: count }, (_, index) =>
    application(appName(index), from, { count, namespace: hub, hub }),
  );
  await bed.create(apps);
}

function application(
  name: string,
  repository: Pick<TestRepository, "url">,
  options: FleetOptions & { readonly hub?: string },
): KubeObject {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name, namespace: options.hub ?? hubNamespace },
    spec: {
      project: "default",
      source: { repoURL: repository.url, path: `apps/${name}`, targetRevision: "main" },
      destination: { server: "https://kubernetes.default.svc", namespace: options.namespace },
      syncPolicy: { automated: options.selfHeal === true ? { selfHeal: true } : {} },
    } as unknown as JsonObject,
  };
}

/** Synced and at rest; with `revision`, at that commit. */
export function isSynced(app: KubeObject, revision?: string): boolean {
  return (
    viewString(app, "status", "sync", "status") === "Synced" &&
    viewString(app, "status", "operationState", "phase") === "Succeeded" &&
    app["operation"] === undefined &&
    (revision === undefined || viewString(app, "status", "sync", "revision") === revision)
  );
}

export function isHealthy(app: KubeObject): boolean {
  return isSynced(app) && viewString(app, "status", "health", "status") === "Healthy";
}
