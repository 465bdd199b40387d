import { MooringError } from "#core/errors/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { formatObjectKey, gvkOf, keyOf, viewString } from "#core/object/index.ts";
import type { Cluster, ResourceType } from "#ports/cluster.ts";
import { cliFieldManager } from "./hub.ts";
import type { CliPorts } from "./ports.ts";

export interface AccessRequest {
  readonly cluster: Cluster;
  /** Where the service account lives, `kube-system` by default. */
  readonly systemNamespace: string;
  /** An account that is there already; without it `argocd-manager` is created, with every right. */
  readonly serviceAccount: string | undefined;
  /** Rights only in these namespaces; empty for the whole cluster. */
  readonly namespaces: readonly string[];
  readonly ports: CliPorts;
}

const managerAccount = "argocd-manager";
const everything = [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }];

/** Gives Mooring an account on a cluster, by Argo CD's names, and returns its long-lived token. */
export async function grantAccess(request: AccessRequest): Promise<string> {
  const { systemNamespace, serviceAccount, ports } = request;
  const account = serviceAccount ?? managerAccount;
  if (serviceAccount === undefined) {
    for (const object of accountObjects(request)) {
      await applyObject(object, request);
      ports.stderr.write(`${object.kind} "${object.metadata.name ?? ""}" applied${placeOf(object)}\n`);
    }
  }
  const secret: KubeObject = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: `${account}-long-lived-token`,
      namespace: systemNamespace,
      annotations: { "kubernetes.io/service-account.name": account },
    },
    type: "kubernetes.io/service-account-token",
  };
  await applyObject(secret, request);
  return readToken(secret, request);
}

function placeOf({ metadata }: KubeObject): string {
  return metadata.namespace === undefined ? "" : ` in namespace "${metadata.namespace}"`;
}

function accountObjects({ systemNamespace, namespaces }: AccessRequest): readonly KubeObject[] {
  const subjects = [{ kind: "ServiceAccount", name: managerAccount, namespace: systemNamespace }];
  const account = {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: managerAccount, namespace: systemNamespace },
  };
  if (namespaces.length === 0) {
    const rules = [...everything, { nonResourceURLs: ["*"], verbs: ["*"] }];
    return [account, ...roleObjects("ClusterRole", {}, { rules, subjects })];
  }
  return [
    account,
    ...namespaces.flatMap((namespace) => roleObjects("Role", { namespace }, { rules: everything, subjects })),
  ];
}

function roleObjects(
  kind: "Role" | "ClusterRole",
  place: { readonly namespace?: string },
  { rules, subjects }: { readonly rules: readonly JsonObject[]; readonly subjects: readonly JsonObject[] },
): readonly KubeObject[] {
  const apiVersion = "rbac.authorization.k8s.io/v1";
  const name = `${managerAccount}-role`;
  const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind, name };
  return [
    { apiVersion, kind, metadata: { name, ...place }, rules },
    {
      apiVersion,
      kind: `${kind}Binding`,
      metadata: { name: `${name}-binding`, ...place },
      roleRef,
      subjects,
    },
  ];
}

async function typeOf(object: KubeObject, { cluster, ports }: AccessRequest): Promise<ResourceType> {
  const { group, kind, version } = gvkOf(object);
  const type = (await cluster.discover(ports.signal)).typeOf(group, kind, version);
  if (type !== undefined) return type;
  throw new MooringError(
    "KUBE_UNKNOWN_KIND",
    `${formatObjectKey(keyOf(object))}: ${cluster.server} does not serve ${object.apiVersion} ${kind}; check that it is a Kubernetes API server`,
  );
}

async function applyObject(object: KubeObject, request: AccessRequest): Promise<void> {
  const type = await typeOf(object, request);
  const { signal } = request.ports;
  await request.cluster.apply(type, object, { fieldManager: cliFieldManager, force: true, signal });
}

const tokenDeadlineMs = 20_000;
const tokenPollMs = 200;

/** The controller manager fills the token in a moment after the Secret is there. */
async function readToken(secret: KubeObject, request: AccessRequest): Promise<string> {
  const { cluster, ports } = request;
  const type = await typeOf(secret, request);
  const { namespace = "", name = "" } = secret.metadata;
  const deadline = ports.clock.now() + tokenDeadlineMs;
  for (;;) {
    const found = await cluster.read({ type, namespace, name }, ports.signal);
    const token = viewString(found, "data", "token");
    if (token !== undefined && token !== "") return Buffer.from(token, "base64").toString("utf8");
    if (ports.clock.now() > deadline) {
      throw new MooringError(
        "CLI_TIMEOUT",
        `${formatObjectKey(keyOf(secret))}: no token within ${tokenDeadlineMs / 1_000} s; check that the service account exists and the controller manager runs`,
      );
    }
    await ports.clock.sleep(tokenPollMs, ports.signal);
  }
}
