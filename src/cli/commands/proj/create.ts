import { MooringError } from "#core/errors/index.ts";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { mergePatchOf, viewArray, viewObject } from "#core/object/index.ts";
import { parseProject, validateProject } from "#core/project/index.ts";
import type { AppProject } from "#core/project/index.ts";
import type { Invocation } from "../../command.ts";
import { defineCommand } from "../../command.ts";
import type { CliHub } from "../../hub.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { cliFieldManager, openHub, patchObject } from "../../hub.ts";
import type { CliPorts } from "../../ports.ts";
import { readManifest } from "../../read-manifest.ts";
import { usageError } from "../../usage-error.ts";
import { formatPaths } from "../../view/patch-paths.ts";

const flags = {
  file: {
    type: "string",
    short: "f",
    value: "FILE",
    description: "Projects from a file, - for standard input",
  },
  description: { type: "string", description: "What it is for" },
  src: {
    type: "strings",
    short: "s",
    value: "URL",
    description: "Permitted repository, a glob; ! in front forbids",
  },
  dest: {
    type: "strings",
    short: "d",
    value: "SERVER|NAME,NAMESPACE",
    description: "Permitted cluster and namespace, globs",
  },
  "allow-cluster-resource": {
    type: "strings",
    value: "GROUP/KIND",
    description: "Permitted cluster-scoped kind",
  },
  "deny-cluster-resource": {
    type: "strings",
    value: "GROUP/KIND",
    description: "Forbidden cluster-scoped kind",
  },
  "allow-namespaced-resource": {
    type: "strings",
    value: "GROUP/KIND",
    description: "Permitted namespaced kind",
  },
  "deny-namespaced-resource": {
    type: "strings",
    value: "GROUP/KIND",
    description: "Forbidden namespaced kind",
  },
  upsert: { type: "boolean", description: "Change a project that exists with another spec" },
} as const;

type CreateFlags = Invocation<typeof flags>["flags"];

export const command = defineCommand({
  name: "proj create",
  summary: "Create a project",
  examples: [
    "mooring proj create shop -s 'https://git.example.com/shop/*' -d 'https://kubernetes.default.svc,shop-*'",
  ],
  args: { usage: "[PROJECT]", min: 0, max: 1 },
  flags,
  run: async (invocation, ports) => {
    const objects = await requestedObjects(invocation, ports);
    await using hub = await openHub(invocation, ports);
    const projects = objects.map((object) =>
      parseProject({ ...object, metadata: { ...object.metadata, namespace: hub.namespace } }),
    );
    const problems = projects.flatMap((project) => validateProject(project).map(({ message }) => message));
    if (problems.length > 0) throw new MooringError("APP_INVALID", problems.join("\n"));
    for (const project of projects) {
      const outcome = await createOne(project, hub, { upsert: invocation.flags.upsert === true, ports });
      ports.stdout.write(`project '${project.metadata.name}' ${outcome}\n`);
    }
    return 0;
  },
});

async function requestedObjects(
  { args, flags: given }: Invocation<typeof flags>,
  ports: CliPorts,
): Promise<readonly KubeObject[]> {
  const [name] = args;
  if (given.file !== undefined) {
    const objects = await readManifest(given.file, ports);
    if (name === undefined || (objects.length === 1 && objects[0]?.metadata.name === name)) {
      return objects.map((object) => ({ ...object, spec: specOf(viewObject(object, "spec"), given) }));
    }
    throw usageError(`proj create ${name}: file ${given.file} holds something else; leave out the name`);
  }
  if (name === undefined)
    throw usageError("proj create needs PROJECT or --file; write: mooring proj create PROJECT");
  return [
    { apiVersion: "argoproj.io/v1alpha1", kind: "AppProject", metadata: { name }, spec: specOf({}, given) },
  ];
}

function specOf(spec: JsonObject, given: CreateFlags): JsonObject {
  const list = (field: string, more: readonly JsonValue[]) =>
    more.length === 0 ? {} : { [field]: [...viewArray(spec, field), ...more] };
  return {
    ...spec,
    ...(given.description === undefined ? {} : { description: given.description }),
    ...list("sourceRepos", given.src),
    ...list(
      "destinations",
      given.dest.map((text) => parseDestination(text)),
    ),
    ...list("clusterResourceWhitelist", kindsOf("--allow-cluster-resource", given["allow-cluster-resource"])),
    ...list("clusterResourceBlacklist", kindsOf("--deny-cluster-resource", given["deny-cluster-resource"])),
    ...list(
      "namespaceResourceWhitelist",
      kindsOf("--allow-namespaced-resource", given["allow-namespaced-resource"]),
    ),
    ...list(
      "namespaceResourceBlacklist",
      kindsOf("--deny-namespaced-resource", given["deny-namespaced-resource"]),
    ),
  };
}

/** A URL or `*` means a server, any other word the name of a cluster. */
function parseDestination(text: string): JsonObject {
  const comma = text.indexOf(",");
  if (comma <= 0)
    throw usageError(
      `flag --dest: ${JSON.stringify(text)} is no SERVER,NAMESPACE; write it like https://kubernetes.default.svc,shop`,
    );
  const cluster = text.slice(0, comma);
  const isServer = cluster.includes("://") || cluster.includes("*");
  return { [isServer ? "server" : "name"]: cluster, namespace: text.slice(comma + 1) };
}

function kindsOf(flag: string, texts: readonly string[]): readonly JsonObject[] {
  return texts.map((text) => {
    const slash = text.indexOf("/");
    if (slash < 0)
      throw usageError(
        `flag ${flag}: ${JSON.stringify(text)} is no GROUP/KIND; the core group is empty: /Namespace`,
      );
    return { group: text.slice(0, slash), kind: text.slice(slash + 1) };
  });
}

async function createOne(
  project: AppProject,
  hub: CliHub,
  { upsert, ports }: { readonly upsert: boolean; readonly ports: CliPorts },
): Promise<"created" | "updated" | "unchanged"> {
  const { signal } = ports;
  const { name } = project.metadata;
  const ref = { type: hubTypes.project, namespace: hub.namespace, name };
  if ((await hub.cluster.read(ref, signal)) === undefined) {
    await hub.cluster.create(ref.type, project, {
      fieldManager: cliFieldManager,
      fieldValidation: "Strict",
      signal,
    });
    return "created";
  }
  let changed = false;
  await patchObject(hub, ref, {
    signal,
    decide: (object) => {
      const spec = mergePatchOf(viewObject(object, "spec"), project.spec as JsonObject);
      changed = spec !== undefined;
      if (spec === undefined) return undefined;
      if (upsert) return { spec };
      const paths = formatPaths({ spec });
      throw new MooringError(
        "APP_EXISTS",
        `AppProject/${hub.namespace}/${name}: exists and differs in ${paths}; pass --upsert to change it`,
      );
    },
  });
  return changed ? "updated" : "unchanged";
}
