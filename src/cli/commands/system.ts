import { formatDuration } from "#core/sync/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { viewNumber, viewObject, viewPath, viewString } from "#core/object/index.ts";
import { defineCommand, noArgs } from "../command.ts";
import { printValue } from "../output/print-value.ts";
import { requireServer } from "../server/open-server.ts";

export const command = defineCommand({
  name: "system",
  summary: "Show how the installation itself is",
  details:
    "Asks the server whether a controller leads, how much that one has to do, and whether the audit is kept. Exit codes: 0 all is well, 1 something is not.",
  examples: ["mooring system", "mooring system -o json"],
  args: noArgs,
  flags: {
    output: { type: "string", short: "o", choices: ["json", "yaml"], description: "Output format" },
  },
  run: async (invocation, ports) => {
    const api = await requireServer(invocation, ports);
    await using _api = api;
    const state = (await api.ask.system.get({}, ports.signal)) as JsonObject;
    const { output } = invocation.flags;
    const problems = problemsOf(state);
    if (output === undefined) ports.stdout.write(`${[...factsOf(state), ...problems].join("\n")}\n`);
    else printValue(ports.stdout, output === "json" ? "json" : "yaml", state);
    return problems.length === 0 ? 0 : 1;
  },
});

function leads(state: JsonObject): boolean {
  return viewPath(state, "controller", "leads") === true;
}

function factsOf(state: JsonObject): readonly string[] {
  const controller = viewObject(state, "controller");
  const { identity = "", since = "" } = {
    identity: viewString(controller, "identity"),
    since: viewString(controller, "since"),
  };
  const load = viewObject(state, "load");
  const numberOf = (field: string): number => Number(viewString(load, field) ?? viewNumber(load, field) ?? 0);
  const waiting = numberOf("waiting");
  const longest = waiting === 0 ? "" : `, one for ${formatDuration(numberOf("longestWaitMs"))}`;
  return [
    ...(leads(state) ? [`Controller:    ${identity} leads, since ${since}`] : []),
    ...(Object.keys(load).length === 0
      ? []
      : [
          `Applications:  ${numberOf("applications")}, ${waiting} wait to be looked at${longest}; ${numberOf("statusProcessors")} are looked at in parallel`,
        ]),
  ];
}

function problemsOf(state: JsonObject): readonly string[] {
  const audit = viewString(state, "auditProblem");
  const advice = viewString(state, "load", "advice");
  return [
    ...(leads(state)
      ? []
      : ["No controller leads, so nothing is synced: see whether one runs, and its log."]),
    ...(advice === undefined ? [] : [`Too much to do: ${advice}.`]),
    ...(audit === undefined ? [] : [`Audit: ${audit}: see the server's log.`]),
  ];
}
