/** The resources that rules are about, and the actions that are asked for on each. */
const actionsByResource: Readonly<Record<string, readonly string[]>> = {
  applications: ["get", "create", "update", "delete", "sync", "rollback", "override", "action"],
  applicationsets: ["get", "create", "update", "delete"],
  clusters: ["get", "create", "update", "delete"],
  projects: ["get", "create", "update", "delete"],
  repositories: ["get", "create", "update", "delete"],
  "write-repositories": ["get", "create", "update", "delete"],
  certificates: ["get", "create", "update", "delete"],
  accounts: ["get", "update"],
  gpgkeys: ["get", "create", "delete"],
  logs: ["get"],
  exec: ["create", "debug"],
  extensions: ["invoke"],
  /** Argo CD has not got these. */
  pipelines: ["get", "create", "update", "delete", "promote", "rollback", "approve", "hold", "break-glass"],
  audit: ["get"],
  imageautomations: ["get", "update"],
};

export const resources: readonly string[] = Object.keys(actionsByResource);

export const actions: readonly string[] = [...new Set(Object.values(actionsByResource).flat())];

/** Whose objects begin with a project. */
export const projectResources: readonly string[] = [
  "applications",
  "applicationsets",
  "imageautomations",
  "repositories",
  "clusters",
  "logs",
  "exec",
  "pipelines",
];

const shortNames: Readonly<Record<string, string>> = {
  account: "accounts",
  app: "applications",
  apps: "applications",
  application: "applications",
  appset: "applicationsets",
  appsets: "applicationsets",
  applicationset: "applicationsets",
  cert: "certificates",
  certs: "certificates",
  certificate: "certificates",
  cluster: "clusters",
  extension: "extensions",
  gpgkey: "gpgkeys",
  key: "gpgkeys",
  log: "logs",
  pipeline: "pipelines",
  proj: "projects",
  projs: "projects",
  project: "projects",
  repo: "repositories",
  repos: "repositories",
  repository: "repositories",
};

/** The resource that a person means: `app` for `applications`; what is unknown stays as it is. */
export function resourceNamed(name: string): string {
  return Object.hasOwn(shortNames, name) ? (shortNames[name] ?? name) : name;
}

/** Whether anything is ever asked for under this action: `update/apps/Deployment/shop/web` counts, `logs` with `delete` does not. */
export function isAction(resource: string, action: string): boolean {
  const [verb = "", ...path] = action.split("/");
  const known = actionsOf(resource);
  if (!known.includes(verb)) return false;
  if (resource === "pipelines" && stageActions.includes(verb)) return path.length === 1;
  return path.length === 0 || (resource === "applications" && fineGrained.includes(verb));
}

/** Actions on a resource; none for a resource that does not exist. */
export function actionsOf(resource: string): readonly string[] {
  return Object.hasOwn(actionsByResource, resource) ? (actionsByResource[resource] ?? []) : [];
}

/** Actions on a Pipeline that name a stage after a slash. */
export const stageActions: readonly string[] = ["promote", "rollback", "approve", "hold", "break-glass"];

/** Actions that name a part of an Application after a slash. */
const fineGrained: readonly string[] = ["update", "delete", "action"];
