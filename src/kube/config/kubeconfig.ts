import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import type { ClusterAuth, ClusterConnection, ClusterTls, Impersonation } from "#core/cluster/connection.ts";
import { MooringError } from "#core/errors/index.ts";
import {
  isJsonObject,
  type JsonObject,
  viewArray,
  viewObject,
  viewPath,
  viewString,
} from "#core/object/index.ts";
import {
  absolutePath,
  type Kubeconfig,
  type KubeconfigEntry,
  nonEmpty,
  readInlineOrFile,
  readKubeconfigFiles,
} from "./kubeconfig-file.ts";

export interface KubeconfigOptions {
  /** One file instead of KUBECONFIG and ~/.kube/config. */
  readonly path?: string;
  /** Instead of the current context. */
  readonly context?: string;
  /** The process's environment unless given. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface KubeconfigConnection {
  readonly connection: ClusterConnection;
  readonly context: string;
  readonly namespace: string;
}

/**
 * Where a kubeconfig's context leads and who to be there, as kubectl reads it. Certificates and keys are read here;
 * credential plugins and token files only when a request needs them. Throws KUBE_CONFIG_INVALID.
 */
export async function readKubeconfig(options: KubeconfigOptions = {}): Promise<KubeconfigConnection> {
  const config = await readFiles(options);
  const context = options.context ?? config.currentContext;
  if (context === undefined) {
    throw invalid(
      config.files.length === 0
        ? "no kubeconfig found; set KUBECONFIG, write ~/.kube/config or pass --kubeconfig"
        : `kubeconfig ${config.files.join(", ")} has no current-context; pass --context ${namesOf(config.contexts)}`,
    );
  }
  const chosen = entryOf(config.contexts, context, "context").value;
  const cluster = entryOf(config.clusters, viewString(chosen, "cluster") ?? "", "cluster");
  const userName = nonEmpty(viewString(chosen, "user"));
  const user = userName === undefined ? undefined : entryOf(config.users, userName, "user");
  return {
    context,
    namespace: nonEmpty(viewString(chosen, "namespace")) ?? "default",
    connection: await connectionOf(cluster, user ?? { value: {}, directory: cluster.directory }),
  };
}

function readFiles(options: KubeconfigOptions): Promise<Kubeconfig> {
  if (options.path !== undefined) return readKubeconfigFiles([options.path], { optional: false });
  const listed = (options.env ?? process.env)["KUBECONFIG"];
  const paths =
    listed === undefined || listed === ""
      ? [join(homedir(), ".kube", "config")]
      : listed.split(delimiter).filter((path) => path !== "");
  return readKubeconfigFiles(paths, { optional: true });
}

function entryOf(entries: ReadonlyMap<string, KubeconfigEntry>, name: string, what: string): KubeconfigEntry {
  const entry = entries.get(name);
  if (entry === undefined) throw invalid(`kubeconfig has no ${what} "${name}"; it has ${namesOf(entries)}`);
  return entry;
}

function namesOf(entries: ReadonlyMap<string, KubeconfigEntry>): string {
  return entries.size === 0 ? "none" : [...entries.keys()].join(", ");
}

async function connectionOf(cluster: KubeconfigEntry, user: KubeconfigEntry): Promise<ClusterConnection> {
  const server = nonEmpty(viewString(cluster.value, "server"));
  if (server === undefined || !URL.canParse(server)) {
    throw invalid(`kubeconfig's cluster has no valid server URL: ${server ?? "(empty)"}`);
  }
  const proxyUrl = nonEmpty(viewString(cluster.value, "proxy-url"));
  const impersonate = impersonationOf(user.value);
  return {
    server: server.replace(/\/+$/, ""),
    tls: await tlsOf(cluster, user),
    auth: authOf(user, cluster),
    ...(proxyUrl === undefined ? {} : { proxyUrl }),
    ...(impersonate === undefined ? {} : { impersonate }),
    ...(cluster.value["disable-compression"] === true ? { disableCompression: true } : {}),
  };
}

async function tlsOf(cluster: KubeconfigEntry, user: KubeconfigEntry): Promise<ClusterTls> {
  const caData = await readInlineOrFile(cluster, "certificate-authority");
  const certData = await readInlineOrFile(user, "client-certificate");
  const keyData = await readInlineOrFile(user, "client-key");
  const serverName = nonEmpty(viewString(cluster.value, "tls-server-name"));
  return {
    insecure: cluster.value["insecure-skip-tls-verify"] === true,
    ...(caData === undefined ? {} : { caData }),
    ...(certData === undefined ? {} : { certData }),
    ...(keyData === undefined ? {} : { keyData }),
    ...(serverName === undefined ? {} : { serverName }),
  };
}

function authOf(user: KubeconfigEntry, cluster: KubeconfigEntry): ClusterAuth {
  const exec = user.value["exec"];
  if (isJsonObject(exec)) return execAuthOf(exec, user, cluster);
  // As in client-go, a token file wins over a token: the token is only its first content.
  const tokenFile = nonEmpty(viewString(user.value, "tokenFile"));
  if (tokenFile !== undefined) return { kind: "tokenFile", path: absolutePath(user, tokenFile) };
  const token = nonEmpty(viewString(user.value, "token"));
  if (token !== undefined) return { kind: "token", token };
  const username = nonEmpty(viewString(user.value, "username"));
  if (username !== undefined) {
    return { kind: "basic", username, password: viewString(user.value, "password") ?? "" };
  }
  const provider = viewString(user.value, "auth-provider", "name");
  if (provider !== undefined) {
    throw invalid(
      `kubeconfig's user has the auth-provider "${provider}", which kubectl retired; use its exec plugin (oidc: kubectl oidc-login, azure: kubelogin, gcp: gke-gcloud-auth-plugin)`,
    );
  }
  return { kind: "none" };
}

function execAuthOf(exec: JsonObject, user: KubeconfigEntry, cluster: KubeconfigEntry): ClusterAuth {
  const command = nonEmpty(viewString(exec, "command"));
  if (command === undefined) throw invalid("kubeconfig's user has an exec plugin without a command");
  if (viewString(exec, "interactiveMode") === "Always") {
    throw invalid(
      `credential plugin ${command} needs a terminal (interactiveMode Always); log in another way`,
    );
  }
  const installHint = nonEmpty(viewString(exec, "installHint"));
  const clusterConfig = execExtensionOf(cluster.value);
  return {
    kind: "exec",
    apiVersion: viewString(exec, "apiVersion") ?? "client.authentication.k8s.io/v1",
    // A path is relative to the kubeconfig; a bare name is looked up in PATH.
    command: command.includes("/") ? absolutePath(user, command) : command,
    args: viewArray(exec, "args").filter((arg) => typeof arg === "string"),
    env: Object.fromEntries(
      viewArray(exec, "env").map((entry) => [
        viewString(entry, "name") ?? "",
        viewString(entry, "value") ?? "",
      ]),
    ),
    provideClusterInfo: exec["provideClusterInfo"] === true,
    ...(clusterConfig === undefined ? {} : { clusterConfig }),
    ...(installHint === undefined ? {} : { installHint }),
  };
}

function execExtensionOf(cluster: JsonObject): JsonObject[string] {
  const extension = viewArray(cluster, "extensions").find(
    (entry) => viewString(entry, "name") === "client.authentication.k8s.io/exec",
  );
  return viewPath(extension, "extension");
}

function impersonationOf(user: JsonObject): Impersonation | undefined {
  const name = nonEmpty(viewString(user, "as"));
  if (name === undefined) return undefined;
  const uid = nonEmpty(viewString(user, "as-uid"));
  const extra = viewObject(user, "as-user-extra");
  return {
    user: name,
    groups: stringsOf(user, "as-groups"),
    ...(uid === undefined ? {} : { uid }),
    ...(Object.keys(extra).length === 0
      ? {}
      : { extra: Object.fromEntries(Object.keys(extra).map((key) => [key, stringsOf(extra, key)])) }),
  };
}

function stringsOf(value: JsonObject, field: string): readonly string[] {
  return viewArray(value, field).filter((item) => typeof item === "string");
}

function invalid(message: string): MooringError {
  return new MooringError("KUBE_CONFIG_INVALID", message);
}
