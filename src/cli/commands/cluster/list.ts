import type { ClusterRecord } from "#core/cluster/index.ts";
import { isAbortError, messageOf } from "#core/errors/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { mapLimit } from "#runtime/limit.ts";
import { defineCommand, noArgs } from "../../command.ts";
import { readConfig } from "../../config.ts";
import type { CliHub } from "../../hub.ts";
import { openHub } from "../../hub.ts";
import { openTarget } from "../../open-target.ts";
import { createPaint } from "../../output/paint.ts";
import { printValue } from "../../output/print-value.ts";
import { formatTable, oneLine } from "../../output/table.ts";
import type { CliPorts } from "../../ports.ts";
import { paintWords } from "../../view/app-details.ts";

const askedAtOnce = 8;
const timeoutMs = 10_000;

export const command = defineCommand({
  name: "cluster list",
  summary: "List clusters",
  details: "Asks each cluster for its version, at most ten seconds long.",
  args: noArgs,
  flags: {
    output: {
      type: "string",
      short: "o",
      choices: ["wide", "server", "json", "yaml"],
      description: "Output format",
    },
  },
  run: async (invocation, ports) => {
    const { output } = invocation.flags;
    await using hub = await openHub(invocation, ports);
    const { clusters, problems } = await readConfig(hub, ports);
    for (const problem of problems) ports.stderr.write(`mooring: warning: ${problem}\n`);
    if (output === "server") {
      ports.stdout.write(clusters.map(({ server }) => `${server}\n`).join(""));
      return 0;
    }
    const rows = await mapLimit([...clusters], askedAtOnce, (record) => rowOf(record, hub, ports));
    if (output === "json" || output === "yaml") {
      printValue(ports.stdout, output, rows as unknown as JsonValue);
      return 0;
    }
    const paint = createPaint(ports, ports.stdout, invocation.flags.color);
    const cells = rows.map((row) => [
      row.server,
      row.name,
      row.version,
      row.status,
      row.message,
      row.project,
    ]);
    const header = ["SERVER", "NAME", "VERSION", "STATUS", "MESSAGE", "PROJECT"];
    ports.stdout.write(paintWords(formatTable([header, ...cells]), paint));
    return 0;
  },
});

async function rowOf(record: ClusterRecord, hub: CliHub, ports: CliPorts) {
  const { name, project = "" } = record;
  const count = record.namespaces.length;
  const server =
    count === 0 ? record.server : `${record.server} (${count} namespace${count === 1 ? "" : "s"})`;
  const stop = new AbortController();
  using _timer = ports.clock.after(timeoutMs, () =>
    stop.abort(new Error(`no answer within ${timeoutMs / 1_000} s`)),
  );
  try {
    await using target = await openTarget(record, hub, ports);
    const { major, minor } = await target.cluster.readVersion(AbortSignal.any([ports.signal, stop.signal]));
    return { server, name, version: `${major}.${minor}`, status: "Successful", message: "", project };
  } catch (error) {
    if (ports.signal.aborted) throw error;
    const message =
      isAbortError(error) || stop.signal.aborted
        ? `no answer within ${timeoutMs / 1_000} s`
        : messageOf(error);
    return { server, name, version: "", status: "Failed", message: oneLine(message), project };
  }
}
