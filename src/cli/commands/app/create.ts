import type { Application } from "#core/app/index.ts";
import { appKeyOf, formatAppKey, parseApplication } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { mergePatchOf, viewObject } from "#core/object/index.ts";
import type { Invocation } from "../../command.ts";
import { appNamespaceFlag, defineCommand } from "../../command.ts";
import { checkApplications } from "../../check-applications.ts";
import type { CliHub } from "../../hub.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { cliFieldManager, openHub, patchObject } from "../../hub.ts";
import type { CliPorts } from "../../ports.ts";
import { readManifest } from "../../read-manifest.ts";
import { createOverServer } from "../../server/create-application.ts";
import { parsePairs } from "../../source-flags/fields.ts";
import { readLiteral } from "../../source-flags/read-literal.ts";
import { applySpecFlags, specFlags } from "../../spec-flags.ts";
import { usageError } from "../../usage-error.ts";
import { formatPaths } from "../../view/patch-paths.ts";

const flags = {
  ...specFlags,
  ...appNamespaceFlag,
  file: {
    type: "string",
    short: "f",
    value: "FILE",
    description: "Applications from a file, - for standard input",
  },
  label: { type: "strings", short: "l", value: "KEY=VALUE", description: "Label of the Application" },
  annotations: { type: "strings", value: "KEY=VALUE", description: "Annotation of the Application" },
  "set-finalizer": { type: "boolean", description: "Deleting the Application deletes its objects, too" },
  validate: {
    type: "boolean",
    description: "Ask the repository before creating; true by default, --validate=false to go without",
  },
  upsert: { type: "boolean", description: "Change an Application that exists with another spec" },
} as const;

type CreateFlags = Invocation<typeof flags>["flags"];

export const command = defineCommand({
  name: "app create",
  summary: "Create an application",
  details:
    "Checks the spec, that the project permits it, and that repository, revision and path are there, before anything is\nwritten. Creating what exists with the same spec is no error.",
  examples: [
    "mooring app create web --repo https://git.example.com/shop.git --path web --dest-server https://kubernetes.default.svc --dest-namespace shop",
    "mooring app create -f applications.yaml --upsert",
  ],
  args: { usage: "[APPNAME]", min: 0, max: 1 },
  flags,
  run: async (invocation, ports) => {
    const [name] = invocation.args;
    const objects = await requestedObjects(name, invocation.flags, ports);
    await using hub = await openHub(invocation, ports);
    const apps = objects.map((object) =>
      parseApplication(completed(object, invocation.flags["app-namespace"] ?? hub.namespace)),
    );
    if (hub.api === undefined) for (const app of apps) refuseOtherNamespace(app, hub);
    const { validate, upsert } = invocation.flags;
    await checkApplications(apps, { hub, ports, validate: validate !== false });
    for (const app of apps) {
      const wish = { upsert: upsert === true, validate: validate !== false, ports };
      const outcome = await (hub.api === undefined
        ? createOne(app, hub, wish)
        : createOverServer(app, { ...wish, api: hub.api }));
      ports.stdout.write(`application '${app.metadata.name}' ${outcome}\n`);
    }
    return 0;
  },
});

async function requestedObjects(
  name: string | undefined,
  values: CreateFlags,
  ports: CliPorts,
): Promise<readonly KubeObject[]> {
  const { file } = values;
  const literal = await readLiteral(values["values-literal-file"], ports);
  if (file === undefined) {
    if (name === undefined)
      throw usageError("app create needs APPNAME or --file; write: mooring app create APPNAME");
    return [
      withFlags(
        { apiVersion: "argoproj.io/v1alpha1", kind: "Application", metadata: { name } },
        values,
        literal,
      ),
    ];
  }
  const objects = await readManifest(file, ports);
  const [first] = objects;
  if (name !== undefined && (objects.length > 1 || first?.metadata.name !== name)) {
    const found = objects.length > 1 ? `${objects.length} objects` : `"${first?.metadata.name ?? ""}"`;
    throw usageError(`app create ${name}: file ${file} holds ${found}; leave out the name`);
  }
  return objects.map((object) => withFlags(object, values, literal));
}

function withFlags(object: KubeObject, values: CreateFlags, literal: string | undefined): KubeObject {
  const { metadata } = object;
  const labels = { ...metadata.labels, ...parsePairs("--label", values.label) };
  const annotations = { ...metadata.annotations, ...parsePairs("--annotations", values.annotations) };
  const finalizers = [
    ...(metadata.finalizers ?? []),
    ...(values["set-finalizer"] === true ? ["resources-finalizer.argocd.argoproj.io"] : []),
  ];
  return {
    ...object,
    metadata: {
      ...metadata,
      ...(Object.keys(labels).length === 0 ? {} : { labels }),
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
      ...(finalizers.length === 0 ? {} : { finalizers: [...new Set(finalizers)] }),
    },
    spec: withoutUndefined(applySpecFlags(viewObject(object, "spec"), values, { literal })),
  };
}

/** As it would go over the wire, so that it compares with what is stored. */
function withoutUndefined(value: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}

function completed(object: KubeObject, namespace: string): KubeObject {
  const project = viewObject(object, "spec")["project"] ?? "default";
  return {
    ...object,
    metadata: { ...object.metadata, namespace: object.metadata.namespace ?? namespace },
    spec: { ...viewObject(object, "spec"), project },
  };
}

function refuseOtherNamespace(app: Application, hub: CliHub): void {
  const { namespace = "" } = app.metadata;
  if (namespace === hub.namespace) return;
  throw new MooringError(
    "APP_INVALID",
    `${formatAppKey(appKeyOf(app))}: the control plane in namespace ${hub.namespace} does not watch namespace ${namespace}; create it in ${hub.namespace}`,
  );
}

/** Creates an Application or brings it to this spec. Throws APP_EXISTS when that needs --upsert. */
async function createOne(
  app: Application,
  hub: CliHub,
  { upsert, ports }: { readonly upsert: boolean; readonly ports: CliPorts },
): Promise<"created" | "updated" | "unchanged"> {
  const { signal } = ports;
  const ref = {
    type: hubTypes.application,
    namespace: app.metadata.namespace ?? "",
    name: app.metadata.name,
  };
  const existing = await hub.cluster.read(ref, signal);
  if (existing === undefined) {
    await hub.cluster.create(ref.type, app, {
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
      const patch = changesOf(object, app);
      changed = patch !== undefined;
      if (patch !== undefined && !upsert) throw exists(app, patch);
      return patch;
    },
  });
  return changed ? "updated" : "unchanged";
}

/** What makes the stored Application the wanted one; labels and annotations that it has besides are left. */
function changesOf(stored: KubeObject, wanted: Application): JsonObject | undefined {
  const spec = mergePatchOf(viewObject(stored, "spec"), wanted.spec as JsonObject);
  const { labels, annotations, finalizers } = wanted.metadata;
  const before = stored.metadata;
  const metadata = mergePatchOf(
    {
      labels: before.labels ?? {},
      annotations: before.annotations ?? {},
      finalizers: finalizers === undefined ? [] : (before.finalizers ?? []),
    },
    {
      labels: { ...before.labels, ...labels },
      annotations: { ...before.annotations, ...annotations },
      finalizers: finalizers ?? [],
    },
  );
  if (spec === undefined && metadata === undefined) return undefined;
  return { ...(spec === undefined ? {} : { spec }), ...(metadata === undefined ? {} : { metadata }) };
}

function exists(app: Application, patch: JsonObject): MooringError {
  return new MooringError(
    "APP_EXISTS",
    `${formatAppKey(appKeyOf(app))}: exists and differs in ${formatPaths(patch as JsonValue)}; pass --upsert to change it`,
  );
}
