import { messageOf } from "#core/errors/index.ts";
import { defineCommand, noArgs } from "../command.ts";
import { openHub } from "../hub.ts";
import { printValue } from "../output/print-value.ts";

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
    const cluster = client === true || brief ? undefined : await readClusterVersion(invocation, ports);
    if (output === "json" || output === "yaml") {
      printValue(ports.stdout, output, { client: own, ...(cluster === undefined ? {} : { cluster }) });
      return 0;
    }
    if (brief) {
      ports.stdout.write(`mooring: ${own.version}\n`);
      return 0;
    }
    ports.stdout.write(
      `mooring: ${own.version}\n  Compatible with: Argo CD ${own.argocd}\n  Node: ${own.node}\n  Platform: ${own.platform}\n`,
    );
    if (cluster === undefined) return 0;
    const { server, version, error } = cluster;
    ports.stdout.write(
      `cluster: ${version ?? `not reachable: ${error ?? ""}`}\n${server === undefined ? "" : `  Server: ${server}\n`}`,
    );
    return 0;
  },
});

const timeoutMs = 3_000;

interface ClusterVersion {
  readonly [field: string]: string | undefined;
  readonly server?: string;
  readonly version?: string;
  readonly error?: string;
}

/** The cluster's version; that it cannot be asked is an answer, too. */
async function readClusterVersion(
  ...[invocation, ports]: Parameters<typeof openHub>
): Promise<ClusterVersion> {
  const stop = new AbortController();
  using _timer = ports.clock.after(timeoutMs, () =>
    stop.abort(new DOMException(`no answer within ${timeoutMs / 1_000} s`, "TimeoutError")),
  );
  try {
    await using hub = await openHub(invocation, ports);
    const { server } = hub.cluster;
    const signal = AbortSignal.any([ports.signal, stop.signal]);
    const version = await hub.cluster.readVersion(signal).catch((error: unknown) => messageOf(error));
    return typeof version === "string" ? { server, error: version } : { server, version: version.gitVersion };
  } catch (error) {
    return { error: messageOf(error) };
  }
}
