import { MooringError } from "#core/errors/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { mergePatchOf, viewObject } from "#core/object/index.ts";
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
import { specFlags, specOf } from "./spec-flags.ts";
import { formatPaths } from "../../view/patch-paths.ts";

const flags = {
  file: {
    type: "string",
    short: "f",
    value: "FILE",
    description: "Projects from a file, - for standard input",
  },
  ...specFlags,
  upsert: { type: "boolean", description: "Change a project that exists with another spec" },
} as const;

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
    const { compilePattern } = await import("#runtime/patterns.ts");
    const problems = projects.flatMap((project) =>
      validateProject(project, compilePattern).map(({ message }) => message),
    );
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
