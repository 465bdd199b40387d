import { withEncodedData } from "#core/accounts/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { isJsonObject } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { parseSmallYaml } from "#runtime/small-yaml.ts";
import type { Flags, Invocation } from "../command.ts";
import type { ClusterHub } from "../hub.ts";
import { adminFlags, openAdminHub } from "../hub.ts";
import type { CliPorts } from "../ports.ts";
import { readText } from "../read-text.ts";
import { usageError } from "../usage-error.ts";

/** Where settings are read from; the names are Argo CD's. */
export const settingsFlags = {
  ...adminFlags,
  "argocd-cm-path": {
    type: "string",
    value: "FILE",
    description: "ConfigMap argocd-cm as YAML; the cluster's by default",
  },
  "argocd-secret-path": {
    type: "string",
    value: "FILE",
    description: "Secret argocd-secret as YAML; the cluster's by default, and none beside --argocd-cm-path",
  },
  "load-cluster-settings": {
    type: "boolean",
    description: "Read from the cluster what no file is named for",
  },
} as const satisfies Flags;

export interface SettingsObjects {
  readonly configMap: KubeObject | undefined;
  readonly secret: KubeObject | undefined;
  /** Secrets that the settings may refer to; the cluster's. */
  readonly others: readonly KubeObject[];
  /** Whether anything of it was read from the cluster. */
  readonly fromCluster: boolean;
}

/** Reads the settings from the files that are named, else from the cluster. Throws CLI_USAGE, KUBE_…. */
export async function readSettings(
  invocation: Invocation<typeof settingsFlags>,
  ports: CliPorts,
): Promise<SettingsObjects> {
  const { flags } = invocation;
  const [configMapFile, secretFile] = [flags["argocd-cm-path"], flags["argocd-secret-path"]];
  const configMap = await fromFile(configMapFile, "ConfigMap", ports);
  const secret = await fromFile(secretFile, "Secret", ports);
  const fromCluster = configMapFile === undefined || flags["load-cluster-settings"] === true;
  if (!fromCluster) return { configMap, secret, others: [], fromCluster };
  await using hub = await openAdminHub(invocation, ports);
  return {
    configMap: configMapFile === undefined ? await readConfigMap(hub, ports.signal) : configMap,
    secret: secretFile === undefined ? await readSecret(hub, ports.signal) : secret,
    others: await hub.cluster.list(hubTypes.secret, {
      namespace: hub.namespace,
      labelSelector: "app.kubernetes.io/part-of=argocd",
      signal: ports.signal,
    }),
    fromCluster,
  };
}

async function readConfigMap(hub: ClusterHub, signal: AbortSignal): Promise<KubeObject> {
  const ref = { type: hubTypes.configMap, namespace: hub.namespace, name: "argocd-cm" };
  const found = await hub.cluster.read(ref, signal);
  if (found !== undefined) return found;
  throw usageError(
    `ConfigMap/${hub.namespace}/argocd-cm: does not exist in context ${hub.context}; name the control plane's namespace with -n, or a file with --argocd-cm-path`,
  );
}

async function readSecret(hub: ClusterHub, signal: AbortSignal): Promise<KubeObject | undefined> {
  return await hub.cluster.read(
    { type: hubTypes.secret, namespace: hub.namespace, name: "argocd-secret" },
    signal,
  );
}

const maxFileLength = 4 * 1024 * 1024;

/** The object of a file, which has to be of a kind. */
async function fromFile(
  file: string | undefined,
  kind: "ConfigMap" | "Secret",
  ports: CliPorts,
): Promise<KubeObject | undefined> {
  if (file === undefined) return undefined;
  const object = await readObjectFile(file, ports);
  if (object.kind !== kind) throw usageError(`file ${file}: kind: must be ${kind}, and is ${object.kind}`);
  return kind === "Secret" ? withEncodedData(object) : object;
}

/** The one object of a YAML file. Throws CLI_USAGE and RENDER_INVALID naming the file. */
export async function readObjectFile(file: string, ports: CliPorts): Promise<KubeObject> {
  const text = file === "-" ? await ports.stdin.readAll() : await readText(file, ports);
  if (text.length > maxFileLength)
    throw usageError(`file ${file}: is longer than ${maxFileLength} characters; no object is`);
  const value = parseSmallYaml(text.replace(/^---[ \t]*\n/u, ""), `file ${file}`);
  if (!isJsonObject(value) || typeof value["kind"] !== "string" || typeof value["apiVersion"] !== "string")
    throw usageError(`file ${file}: holds no object; it needs apiVersion, kind and metadata`);
  const { metadata } = value;
  return { ...value, metadata: isJsonObject(metadata) ? metadata : {} } as KubeObject;
}
