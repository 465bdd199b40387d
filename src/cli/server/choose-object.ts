import type { ApiClient } from "#api/contract/api-client.ts";
import type { Flags, FlagValues } from "../command.ts";
import { appNamespaceFlag } from "../command.ts";
import { usageError } from "../usage-error.ts";
import { namedApp } from "./named-app.ts";

/** Which objects of an Application's tree a command means. */
export const treeFlags = {
  kind: { type: "string", value: "NAME", description: "Kind of the object" },
  group: { type: "string", value: "NAME", description: "API group of the object" },
  namespace: { type: "string", value: "NAME", description: "Namespace of the object" },
  "resource-name": { type: "string", value: "NAME", description: "Name of the object" },
  ...appNamespaceFlag,
} as const satisfies Flags;

/** An object as requests name it. */
export interface ChosenObject {
  readonly name: string;
  readonly appNamespace: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly namespace: string;
  readonly resourceName: string;
}

/** The objects of an Application, and those that belong to them, which flags choose. Throws CLI_USAGE for none. */
export async function chooseObjects(
  api: ApiClient,
  {
    app,
    flags,
    command,
  }: {
    readonly app: string;
    readonly flags: FlagValues<typeof treeFlags>;
    readonly command: string;
  },
  signal: AbortSignal,
): Promise<readonly ChosenObject[]> {
  if (flags.kind === undefined)
    throw usageError(`${command}: --kind is missing; name the kind of the object`);
  const named = namedApp(app, flags["app-namespace"]);
  const { name: applicationName, appNamespace } = named;
  const { nodes = [] } = await api.ask.application.resourceTree({ applicationName, appNamespace }, signal);
  const matches = (wanted: string | undefined, text = ""): boolean => wanted === undefined || wanted === text;
  const chosen = nodes.filter(
    (node) =>
      matches(flags.kind, node.kind) &&
      matches(flags.group, node.group) &&
      matches(flags.namespace, node.namespace) &&
      matches(flags["resource-name"], node.name),
  );
  if (chosen.length === 0) {
    throw usageError(
      `${command} ${app}: no object of it matches --group, --kind, --namespace and --resource-name; see: mooring app resources ${app} -o tree`,
    );
  }
  return chosen.map(({ group = "", version = "", kind = "", namespace = "", name: resourceName = "" }) => {
    return { ...named, group, version, kind, namespace, resourceName };
  });
}

/** One object, or all of them where that is said. Throws CLI_USAGE for several. */
export function refuseSeveral(objects: readonly ChosenObject[], command: string, all: boolean): void {
  if (objects.length <= 1 || all) return;
  const names = objects.map(({ kind, resourceName }) => `${kind}/${resourceName}`).join(", ");
  throw usageError(
    `${command}: ${objects.length} objects match (${names}); choose one with --resource-name, or pass --all`,
  );
}
