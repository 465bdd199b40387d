import { isMooringError } from "#core/errors/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { isKubeObject } from "#core/object/index.ts";
import type { AppProject } from "#core/project/index.ts";
import { parseProject } from "#core/project/index.ts";
import type { RbacConfig } from "#core/rbac/index.ts";
import { parseRbacConfig, rbacConfigMapName } from "#core/rbac/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { parseSmallYaml } from "#runtime/small-yaml.ts";
import type { Flags, Invocation } from "./command.ts";
import { listHub, openAdminHub } from "./hub.ts";
import type { CliPorts } from "./ports.ts";
import { readText } from "./read-text.ts";
import { usageError } from "./usage-error.ts";

/** Where a policy is read from. */
export const policyFlags = {
  "policy-file": {
    type: "string",
    value: "FILE",
    description: `Policy as CSV, or the ConfigMap ${rbacConfigMapName} as YAML; the cluster's by default`,
  },
  namespace: {
    type: "string",
    value: "NAME",
    description: `Namespace of the ConfigMap ${rbacConfigMapName}; the control plane's by default`,
  },
} as const satisfies Flags;

export interface PolicySource {
  readonly config: RbacConfig;
  /** The cluster's; none for a file. */
  readonly projects: ReadonlyMap<string, AppProject>;
}

/** Reads a policy from the file that is named, else from the cluster. Throws CLI_USAGE, KUBE_…. */
export async function readPolicy(
  invocation: Invocation<typeof policyFlags>,
  ports: CliPorts,
): Promise<PolicySource> {
  const { "policy-file": file, namespace } = invocation.flags;
  if (file === undefined) return await readFromHub(invocation, ports);
  if (namespace === undefined) return { config: await readFromFile(file, ports), projects: new Map() };
  throw usageError("flags --policy-file and --namespace: only one is possible; leave one out");
}

async function readFromHub(
  invocation: Invocation<typeof policyFlags>,
  ports: CliPorts,
): Promise<PolicySource> {
  const { signal } = ports;
  await using hub = await openAdminHub(invocation, ports);
  const { namespace } = hub;
  const read = async (name: string) =>
    await hub.cluster.read({ type: hubTypes.configMap, namespace, name }, signal);
  const [rbac, settings, projects] = await Promise.all([
    read(rbacConfigMapName),
    read("argocd-cm"),
    listHub(hub, hubTypes.project, { signal }),
  ]);
  return { config: parseRbacConfig({ rbac, settings, parseYaml }), projects: byName(projects, ports) };
}

function byName(objects: readonly KubeObject[], ports: CliPorts): ReadonlyMap<string, AppProject> {
  const projects = new Map<string, AppProject>();
  for (const object of objects) {
    try {
      projects.set(object.metadata.name ?? "", parseProject(object));
    } catch (error) {
      if (!isMooringError(error)) throw error;
      ports.stderr.write(`warning: ${error.message}; its roles are left out\n`);
    }
  }
  return projects;
}

const maxFileLength = 4 * 1024 * 1024;

async function readFromFile(file: string, ports: CliPorts): Promise<RbacConfig> {
  const text = await readText(file, ports);
  if (text.length > maxFileLength)
    throw usageError(`file ${file}: is longer than ${maxFileLength} characters; no policy is`);
  const rbac = configMapIn(file, text);
  const config = parseRbacConfig({ rbac, parseYaml });
  return rbac === undefined ? { ...config, texts: [{ source: file, text }] } : config;
}

/** Undefined for what is CSV: no YAML, or no map. Throws CLI_USAGE for another object. */
function configMapIn(file: string, text: string): KubeObject | undefined {
  const value = yamlOrUndefined(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const object = value as JsonObject;
  if (object["kind"] === "ConfigMap" && isKubeObject({ metadata: {}, ...object }))
    return object as KubeObject;
  throw usageError(`file ${file}: holds neither CSV nor a ConfigMap; write kind: ConfigMap`);
}

function yamlOrUndefined(text: string): unknown {
  try {
    return parseYaml(text);
  } catch (error) {
    if (isMooringError(error, "RENDER_INVALID")) return undefined;
    throw error;
  }
}

function parseYaml(text: string): unknown {
  return parseSmallYaml(text, rbacConfigMapName);
}
