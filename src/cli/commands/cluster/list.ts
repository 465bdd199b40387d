import type { ClusterRecord } from "#core/cluster/index.ts";
import type { ApiClient } from "#api/contract/api-client.ts";
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
    const rows = await (hub.api === undefined
      ? readRows(hub, ports, output === "server")
      : askRows(hub.api, ports.signal));
    if (output === "server") {
      ports.stdout.write(rows.map(({ address }) => `${address}\n`).join(""));
      return 0;
    }
    if (output === "json" || output === "yaml") {
      const shown = rows.map(({ address: _address, ...row }) => row);
      printValue(ports.stdout, output, shown as unknown as JsonValue);
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

interface Row {
  /** Where it is, without what is said beside it. */
  readonly address: string;
  readonly server: string;
  readonly name: string;
  readonly version: string;
  readonly status: string;
  readonly message: string;
  readonly project: string;
}

/** The clusters of the hub, each asked for its version unless only addresses are wanted. */
async function readRows(hub: CliHub, ports: CliPorts, onlyAddresses: boolean): Promise<readonly Row[]> {
  const { clusters, problems } = await readConfig(hub, ports);
  for (const problem of problems) ports.stderr.write(`mooring: warning: ${problem}\n`);
  const unasked = { version: "", status: "", message: "" };
  if (onlyAddresses)
    return clusters.map(({ server, name, project = "" }) => ({
      ...unasked,
      address: server,
      server,
      name,
      project,
    }));
  return await mapLimit([...clusters], askedAtOnce, (record) => rowOf(record, hub, ports));
}

/** The clusters that a server shows, as it finds them. */
async function askRows(api: ApiClient, signal: AbortSignal): Promise<readonly Row[]> {
  const { items = [] } = await api.ask.cluster.list({}, signal);
  return items.map(({ server = "", name = "", project = "", namespaces = [], ...one }) => {
    const { status = "", message = "" } = one.info?.connectionState ?? one.connectionState ?? {};
    const version = one.info?.serverVersion ?? one.serverVersion ?? "";
    const shown = placeOf(server, namespaces.length);
    return { address: server, server: shown, name, version, status, message: oneLine(message), project };
  });
}

function placeOf(server: string, count: number): string {
  return count === 0 ? server : `${server} (${count} namespace${count === 1 ? "" : "s"})`;
}

async function rowOf(record: ClusterRecord, hub: CliHub, ports: CliPorts): Promise<Row> {
  const { name, project = "" } = record;
  const address = record.server;
  const server = placeOf(address, record.namespaces.length);
  const stop = new AbortController();
  using _timer = ports.clock.after(timeoutMs, () =>
    stop.abort(new Error(`no answer within ${timeoutMs / 1_000} s`)),
  );
  try {
    await using target = await openTarget(record, hub, ports);
    const { major, minor } = await target.cluster.readVersion(AbortSignal.any([ports.signal, stop.signal]));
    return {
      address,
      server,
      name,
      version: `${major}.${minor}`,
      status: "Successful",
      message: "",
      project,
    };
  } catch (error) {
    if (ports.signal.aborted) throw error;
    const message =
      isAbortError(error) || stop.signal.aborted
        ? `no answer within ${timeoutMs / 1_000} s`
        : messageOf(error);
    return { address, server, name, version: "", status: "Failed", message: oneLine(message), project };
  }
}
