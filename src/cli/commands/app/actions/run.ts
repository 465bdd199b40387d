import type { KubeObject } from "#core/object/index.ts";
import { formatObjectKey, keyOf, objectKey } from "#core/object/index.ts";
import { carryOutAction } from "#engine/carry-out-action.ts";
import { planAction } from "#engine/plan-action.ts";
import { formatTime } from "#runtime/clock.ts";
import type { ActionObjects, RequestedObject } from "../../../actions.ts";
import { objectFlags, openActionObjects, parseParameters, requestedObjects } from "../../../actions.ts";
import { appNamespaceFlag, defineCommand } from "../../../command.ts";
import { appRef, openHub, readApplication } from "../../../hub.ts";
import type { CliPorts } from "../../../ports.ts";
import { usageError } from "../../../usage-error.ts";

export const command = defineCommand({
  name: "app actions run",
  summary: "Do something with an application's objects, such as restart a Deployment",
  details:
    "What an action changes is written at once, and is not undone by a sync as long as Git does not set the same fields.",
  examples: [
    "mooring app actions run shop restart --kind Deployment --resource-name web",
    "mooring app actions run shop scale --kind StatefulSet --resource-name db --param replicas=3",
  ],
  args: { usage: "APPNAME ACTION", min: 2, max: 2 },
  flags: {
    ...appNamespaceFlag,
    ...objectFlags,
    all: { type: "boolean", description: "Run it on every object that matches, not only on one" },
    param: { type: "strings", value: "NAME=VALUE", description: "A parameter that the action asks for" },
  },
  run: async (invocation, ports) => {
    const { flags } = invocation;
    const [name = "", action = ""] = invocation.args;
    if (flags.kind === undefined)
      throw usageError("app actions run: --kind is missing; name the objects' kind");
    const parameters = parseParameters(flags.param);
    await using hub = await openHub(invocation, ports);
    const ref = appRef(hub, name, flags["app-namespace"]);
    const app = await readApplication(hub, ref, ports.signal);
    if (hub.api !== undefined) {
      const objects = requestedObjects(app, flags);
      refuseSeveral(objects.map(formatRequested), flags.all === true);
      for (const object of objects) {
        const resourceActionParameters = Object.entries(parameters).map(([key, value]) => ({
          name: key,
          value,
        }));
        const request = { ...object, action, resourceActionParameters };
        await hub.api.ask.application.runResourceActionV2(request, ports.signal);
        ports.stdout.write(`${formatRequested(object)} ${action} done\n`);
      }
      return 0;
    }
    await using found = await openActionObjects(app, { hub, ports, choice: flags });
    const names = found.objects.map((object) => formatObjectKey(keyOf(object)));
    refuseSeveral(names, flags.all === true);
    for (const object of found.objects) await runOne(object, action, { found, parameters, ports });
    return 0;
  },
});

function formatRequested({ group, kind, namespace, resourceName: name }: RequestedObject): string {
  return formatObjectKey(objectKey({ group, kind, namespace, name }));
}

function refuseSeveral(names: readonly string[], all: boolean): void {
  if (names.length <= 1 || all) return;
  throw usageError(
    `app actions run: ${names.length} objects match (${names.join(", ")}); choose one with --resource-name, or pass --all`,
  );
}

interface Run {
  readonly found: ActionObjects;
  readonly parameters: Readonly<Record<string, string>>;
  readonly ports: CliPorts;
}

async function runOne(object: KubeObject, action: string, { found, parameters, ports }: Run): Promise<void> {
  const input = { parameters, now: formatTime(ports.clock.now()) };
  for (const effect of await planAction(object, action, { ...found.context, input })) {
    const done = await carryOutAction(effect, object, { ...found, signal: ports.signal });
    ports.stdout.write(`${formatObjectKey(keyOf(done.object))} ${done.verb}\n`);
  }
}
