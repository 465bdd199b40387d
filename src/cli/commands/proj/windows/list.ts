import type { JsonValue } from "#core/object/index.ts";
import { parseProject } from "#core/project/index.ts";
import type { WindowSpec } from "#core/windows/index.ts";
import { windowStatus } from "#core/windows/index.ts";
import { defineCommand } from "../../../command.ts";
import { openHub, readProject } from "../../../hub.ts";
import { printValue } from "../../../output/print-value.ts";
import { formatTable } from "../../../output/table.ts";

export const command = defineCommand({
  name: "proj windows list",
  summary: "List a project's sync windows",
  args: { usage: "PROJECT", min: 1, max: 1 },
  flags: {
    output: { type: "string", short: "o", choices: ["wide", "json", "yaml"], description: "Output format" },
  },
  run: async (invocation, ports) => {
    await using hub = await openHub(invocation, ports);
    const object = await readProject(hub, invocation.args[0] ?? "", ports.signal);
    const windows = parseProject(object).spec.syncWindows ?? [];
    const { output } = invocation.flags;
    if (output === "json" || output === "yaml") printValue(ports.stdout, output, windows as JsonValue);
    else ports.stdout.write(formatWindows(windows, ports.clock.now()));
    return 0;
  },
});

const header = [
  "ID",
  "STATUS",
  "KIND",
  "SCHEDULE",
  "DURATION",
  "APPLICATIONS",
  "NAMESPACES",
  "CLUSTERS",
  "MANUALSYNC",
  "SYNCOVERRUN",
  "TIMEZONE",
  "USEANDOPERATOR",
];

/** The windows as a table, as argocd prints it. */
export function formatWindows(windows: readonly WindowSpec[], nowMs: number): string {
  const list = (entries: readonly string[] = []) => (entries.length === 0 ? "-" : entries.join(","));
  const onOff = (value: boolean | undefined) => (value === true ? "Enabled" : "Disabled");
  const rows = windows.map((one, i) => [
    String(i),
    windowStatus(one, nowMs),
    one.kind ?? "",
    one.schedule ?? "",
    one.duration ?? "",
    list(one.applications),
    list(one.namespaces),
    list(one.clusters),
    onOff(one.manualSync),
    onOff(one.syncOverrun),
    one.timeZone === undefined || one.timeZone === "" ? "UTC" : one.timeZone,
    onOff(one.andOperator),
  ]);
  return formatTable([header, ...rows]);
}
