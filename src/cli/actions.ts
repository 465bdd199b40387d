import type { Application } from "#core/app/index.ts";
import { appKeyOf, formatAppKey } from "#core/app/index.ts";
import type { AppReferences } from "#core/hub/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import type { ActionsContext } from "#engine/plan-action.ts";
import type { Cluster } from "#ports/cluster.ts";
import { mapLimit } from "#runtime/limit.ts";
import { readConfig } from "./config.ts";
import type { CliHub } from "./hub.ts";
import { openTarget } from "./open-target.ts";
import type { CliPorts } from "./ports.ts";
import { resolveApp } from "./resolve.ts";
import { usageError } from "./usage-error.ts";

export const objectFlags = {
  group: { type: "string", value: "NAME", description: "API group of the object" },
  kind: { type: "string", value: "NAME", description: "Kind of the object" },
  namespace: { type: "string", value: "NAME", description: "Namespace of the object" },
  "resource-name": { type: "string", value: "NAME", description: "Name of the object" },
} as const;

/** Which objects of an Application a command means; a field that is undefined matches any. */
interface ObjectChoice {
  readonly group: string | undefined;
  readonly kind: string | undefined;
  readonly namespace: string | undefined;
  readonly "resource-name": string | undefined;
}

/** Objects of an Application as its cluster has them now, with all that their actions need. */
export interface ActionObjects extends AsyncDisposable {
  readonly cluster: Cluster;
  readonly references: AppReferences;
  readonly context: ActionsContext;
  readonly objects: readonly KubeObject[];
}

interface OpenRequest {
  readonly hub: CliHub;
  readonly ports: CliPorts;
  readonly choice: ObjectChoice;
}

const readConcurrency = 8;

/** Reads the chosen objects of an Application. Throws CLI_USAGE when it has none of them. Dispose the result to end the connection. */
export async function openActionObjects(
  app: Application,
  { hub, ports, choice }: OpenRequest,
): Promise<ActionObjects> {
  const { signal } = ports;
  const config = await readConfig(hub, ports);
  const references = await resolveApp(app, { hub, config, signal });
  await using connections = new AsyncDisposableStack();
  const { cluster } = connections.use(await openTarget(references.target, hub, ports));
  const objects = await readObjects(app, choice, { cluster, signal });
  if (objects.length === 0) throw noneMatches(app);
  const kept = connections.move();
  const context = { settings: references.settings, scripts: await ports.startScripts(), signal };
  return { cluster, references, context, objects, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

function noneMatches(app: Application): Error {
  return usageError(
    `${formatAppKey(appKeyOf(app))}: no object of it matches --group, --kind, --namespace and --resource-name; see: mooring app resources ${app.metadata.name}`,
  );
}

function matching(app: Application, choice: ObjectChoice) {
  const matches = (wanted: string | undefined, text = "") => wanted === undefined || wanted === text;
  return (app.status?.resources ?? []).filter(
    (one) =>
      matches(choice.group, one.group) &&
      matches(choice.kind, one.kind) &&
      matches(choice.namespace, one.namespace) &&
      matches(choice["resource-name"], one.name),
  );
}

/** An object of an Application as requests to a server name it. */
export interface RequestedObject {
  readonly name: string;
  readonly appNamespace: string;
  readonly project: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly namespace: string;
  readonly resourceName: string;
}

/** The chosen objects of an Application, as its status has them. Throws CLI_USAGE when it has none of them. */
export function requestedObjects(app: Application, choice: ObjectChoice): readonly RequestedObject[] {
  const { name, namespace: appNamespace = "" } = app.metadata;
  const chosen = matching(app, choice).map((one) => ({
    name,
    appNamespace,
    project: app.spec.project,
    group: one.group ?? "",
    version: one.version ?? "",
    kind: one.kind ?? "",
    namespace: one.namespace ?? "",
    resourceName: one.name ?? "",
  }));
  if (chosen.length === 0) throw noneMatches(app);
  return chosen;
}

async function readObjects(
  app: Application,
  choice: ObjectChoice,
  { cluster, signal }: { readonly cluster: Cluster; readonly signal: AbortSignal },
): Promise<readonly KubeObject[]> {
  const chosen = matching(app, choice);
  const discovery = chosen.length === 0 ? undefined : await cluster.discover(signal);
  const read = await mapLimit(chosen, readConcurrency, async ({ group, kind, version, namespace, name }) => {
    const type = discovery?.typeOf(group ?? "", kind ?? "", version);
    if (type === undefined) return undefined;
    return cluster.read(
      { type, namespace: type.namespaced ? (namespace ?? "") : "", name: name ?? "" },
      signal,
    );
  });
  return read.filter((object) => object !== undefined);
}

/** `--param` flags, each `NAME=VALUE`. Throws CLI_USAGE. */
export function parseParameters(given: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    given.map((text) => {
      const at = text.indexOf("=");
      if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
      throw usageError(`flag --param: ${JSON.stringify(text)} is no NAME=VALUE; write it like replicas=3`);
    }),
  );
}
