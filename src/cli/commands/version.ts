import { messageOf } from "#core/errors/index.ts";
import type { Invocation } from "../command.ts";
import { defineCommand, noArgs } from "../command.ts";
import { openClusterHub } from "../hub.ts";
import { printValue } from "../output/print-value.ts";
import type { CliPorts } from "../ports.ts";
import { chooseServer } from "../server/choose-server.ts";

/** Argo CD's major version whose objects and commands these are. */
const compatibleWith = "v3";
export const mooringVersion = "0.1.0";

export const command = defineCommand({
  name: "version",
  summary: "Show versions",
  args: noArgs,
  flags: {
    client: { type: "boolean", description: "Only of this program; the cluster is not asked" },
    short: { type: "boolean", description: "Only the number" },
    output: {
      type: "string",
      short: "o",
      choices: ["wide", "json", "yaml", "short"],
      description: "Output format",
    },
  },
  run: async (invocation, ports) => {
    const { client, short, output } = invocation.flags;
    const own = {
      version: `v${mooringVersion}`,
      argocd: compatibleWith,
      node: process.version,
      platform: `${process.platform}/${process.arch}`,
    };
    const brief = short === true || output === "short";
    const remote = client === true ? undefined : await readRemote(invocation, ports, brief);
    if (output === "json" || output === "yaml") {
      const { what, ...found } = remote ?? {};
      printValue(ports.stdout, output, { client: own, ...(what === undefined ? {} : { [what]: found }) });
      return 0;
    }
    ports.stdout.write(
      brief
        ? `mooring: ${own.version}\n`
        : `mooring: ${own.version}\n  Compatible with: Argo CD ${own.argocd}\n  Node: ${own.node}\n  Platform: ${own.platform}\n`,
    );
    if (remote === undefined) return 0;
    const { what, server, version, error } = remote;
    const place = server === undefined || brief ? "" : `  Server: ${server}\n`;
    ports.stdout.write(`${what}: ${version ?? `not reachable: ${error ?? ""}`}\n${place}`);
    return 0;
  },
});

const timeoutMs = 3_000;

interface RemoteVersion {
  readonly [field: string]: string | undefined;
  readonly what: "cluster" | "server";
  readonly server?: string;
  readonly version?: string;
  readonly error?: string;
}

/** The version of the server that is asked, or of the cluster that is worked on; that it cannot be asked is an answer, too. */
async function readRemote(
  invocation: Invocation,
  ports: CliPorts,
  brief: boolean,
): Promise<RemoteVersion | undefined> {
  const stop = new AbortController();
  using _timer = ports.clock.after(timeoutMs, () =>
    stop.abort(new DOMException(`no answer within ${timeoutMs / 1_000} s`, "TimeoutError")),
  );
  const signal = AbortSignal.any([ports.signal, stop.signal]);
  const choice = await chooseServer(invocation, ports);
  // Which Kubernetes a cluster has is no version of ours.
  if (choice === undefined && brief) return undefined;
  const what = choice === undefined ? "cluster" : "server";
  try {
    if (choice === undefined) return { what, ...(await clusterVersion(invocation, ports, signal)) };
    const server = choice.connection.address;
    await using api = await ports.connectApi(choice.connection);
    const { Version = "" } = await api.ask.version.version({}, signal);
    return { what, server, version: Version };
  } catch (error) {
    ports.signal.throwIfAborted();
    return { what, error: messageOf(stop.signal.aborted ? stop.signal.reason : error) };
  }
}

async function clusterVersion(invocation: Invocation, ports: CliPorts, signal: AbortSignal) {
  await using hub = await openClusterHub(invocation, ports);
  const { server } = hub.cluster;
  const version = await hub.cluster.readVersion(signal).catch((error: unknown) => messageOf(error));
  return typeof version === "string" ? { server, error: version } : { server, version: version.gitVersion };
}
