import { appNamespaceFlag, defineCommand, oneApp } from "../../command.ts";
import { writeForeignLine } from "../../output/shielded.ts";
import { requireServer } from "../../server/open-server.ts";
import { namedApp } from "../../server/named-app.ts";
import { usageError } from "../../usage-error.ts";

export const command = defineCommand({
  name: "app logs",
  summary: "Print the logs of an application's pods",
  details: "Merged by time. Asks the API server; that takes the permission to get logs.",
  examples: [
    "mooring app logs web --follow --container nginx",
    "mooring app logs web --kind Deployment --name web",
  ],
  args: oneApp,
  flags: {
    ...appNamespaceFlag,
    group: { type: "string", value: "NAME", description: "API group of the object whose pods are meant" },
    kind: { type: "string", value: "NAME", description: "Kind of the object whose pods are meant" },
    name: { type: "string", value: "NAME", description: "Name of the object whose pods are meant" },
    namespace: { type: "string", value: "NAME", description: "Namespace of the pods" },
    container: { type: "string", short: "c", value: "NAME", description: "Container; the first by default" },
    follow: { type: "boolean", short: "f", description: "Go on with what is written later" },
    tail: { type: "integer", value: "N", description: "Only so many lines from the end of each log" },
    "since-seconds": { type: "integer", value: "SECONDS", description: "Only what is not older" },
    "until-time": {
      type: "string",
      value: "TIME",
      description: "Only what is not newer, as 2026-01-02T15:04:05Z",
    },
    filter: {
      type: "string",
      value: "TEXT",
      description: "Only lines with this; with ! in front those without",
    },
    "match-case": { type: "boolean", short: "m", description: "Tell capitals apart in --filter" },
    previous: { type: "boolean", short: "p", description: "Of the run before the current one" },
  },
  run: async (invocation, ports) => {
    const { flags } = invocation;
    const { tail, "since-seconds": since } = flags;
    if ((tail ?? 0) < 0 || (since ?? 0) < 0)
      throw usageError("flags --tail and --since-seconds: are no times before now");
    await using api = await requireServer(invocation, ports);
    const query = {
      ...namedApp(invocation.args[0] ?? "", flags["app-namespace"]),
      group: flags.group,
      kind: flags.kind,
      resourceName: flags.name,
      namespace: flags.namespace,
      container: flags.container,
      follow: flags.follow,
      tailLines: tail,
      sinceSeconds: since,
      untilTime: flags["until-time"],
      filter: flags.filter,
      matchCase: flags["match-case"],
      previous: flags.previous,
    };
    for await (const { content = "", last = false } of api.ask.application.podLogs(
      present(query),
      ports.signal,
    )) {
      if (last) break;
      writeForeignLine(ports.stdout, content);
    }
    return 0;
  },
});

function present<Query extends object>(
  query: Query,
): { [Field in keyof Query]: Exclude<Query[Field], undefined> } {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)) as never;
}
