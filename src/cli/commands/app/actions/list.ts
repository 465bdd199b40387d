import type { Application } from "#core/app/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { gvkOf } from "#core/object/index.ts";
import { listActions } from "#engine/plan-action.ts";
import { objectFlags, openActionObjects, requestedObjects } from "../../../actions.ts";
import { appNamespaceFlag, defineCommand, oneApp } from "../../../command.ts";
import { appRef, openHub, readApplication } from "../../../hub.ts";
import { printValue } from "../../../output/print-value.ts";
import { formatTable } from "../../../output/table.ts";

export const command = defineCommand({
  name: "app actions list",
  summary: "List what can be done with an application's objects",
  args: oneApp,
  flags: {
    ...appNamespaceFlag,
    ...objectFlags,
    out: { type: "string", short: "o", choices: ["json", "yaml"], description: "Output format" },
  },
  run: async (invocation, ports) => {
    const { flags } = invocation;
    await using hub = await openHub(invocation, ports);
    const ref = appRef(hub, invocation.args[0] ?? "", flags["app-namespace"]);
    const app = await readApplication(hub, ref, ports.signal);
    const lines = await readLines(app, { hub, ports, choice: flags });
    if (flags.out === "json" || flags.out === "yaml") {
      printValue(ports.stdout, flags.out, lines as unknown as JsonValue);
      return 0;
    }
    const rows = lines.map((one) => [one.group, one.kind, one.name, one.action, String(one.disabled)]);
    ports.stdout.write(formatTable([["GROUP", "KIND", "NAME", "ACTION", "DISABLED"], ...rows]));
    return 0;
  },
});

interface Line {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly action: string;
  readonly disabled: boolean;
}

async function readLines(
  app: Application,
  request: Parameters<typeof openActionObjects>[1],
): Promise<readonly Line[]> {
  const { hub, ports, choice } = request;
  const lines: Line[] = [];
  if (hub.api !== undefined) {
    for (const object of requestedObjects(app, choice)) {
      const { group, kind, namespace, resourceName } = object;
      const { actions = [] } = await hub.api.ask.application.listResourceActions(object, ports.signal);
      for (const { name: action = "", disabled = false, ...rest } of actions)
        lines.push({ group, kind, namespace, name: resourceName, action, disabled, ...rest });
    }
    return lines;
  }
  await using found = await openActionObjects(app, request);
  for (const object of found.objects) {
    const { group, kind } = gvkOf(object);
    const { name = "", namespace = "" } = object.metadata;
    for (const { name: action, ...rest } of await listActions(object, found.context)) {
      lines.push({ group, kind, namespace, name, action, ...rest });
    }
  }
  return lines;
}
