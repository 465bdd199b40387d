import path from "node:path";
import type { ServerSettings } from "#cli/ports.ts";
import type { ClusterConnection } from "#core/cluster/index.ts";
import { startCluster } from "#kube/index.ts";
import type { LiveView } from "#ports/live-view.ts";
import { startScripts } from "#render/index.ts";
import { systemClock } from "#runtime/clock.ts";
import { openLastingAudit, openSqliteAudit } from "#store/index.ts";
import { runApiServer } from "./api-server.ts";
import { auditFile } from "./audit-file.ts";
import { auditSettings } from "./audit-settings.ts";
import { createRedactedLog } from "./redacted-log.ts";
import type { ServerCertificate } from "./server-certificate.ts";
import { followServerCertificate, readServerCertificate } from "./server-certificate.ts";
import type { ViewSources } from "./remote-live-view.ts";
import { readPaths } from "./server-paths.ts";
import { readUi } from "./read-ui.ts";
import { version } from "./version.ts";

interface ServeContext {
  /** Leads to the hub. */
  readonly connection: ClusterConnection;
  readonly openView: (sources: ViewSources) => Promise<LiveView>;
  /** Takes any free port where the usual one is taken. */
  readonly takesOther: boolean;
  /** The directory of what is kept. */
  readonly data: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

interface Serving {
  /** Resolves when requests are answered. */
  readonly ready: Promise<void>;
  readonly ended: Promise<void>;
}

const usualPort = 8080;
const uiDirectory = path.join(import.meta.dirname, "..", "..", "web", "dist");

/** Runs the server. */
export function serve(settings: ServerSettings, context: ServeContext): Serving {
  const isReady = Promise.withResolvers<void>();
  const ended = run(settings, { ...context, onReady: isReady.resolve });
  ended.catch((error: unknown) => isReady.reject(error));
  // It is awaited beside `ended`, which tells the same.
  isReady.promise.catch(() => undefined);
  return { ready: isReady.promise, ended };
}

async function run(
  settings: ServerSettings,
  {
    connection,
    data,
    openView,
    takesOther,
    env,
    say,
    onReady,
    signal,
  }: ServeContext & { readonly onReady: () => void },
): Promise<void> {
  await using cluster = startCluster(connection);
  await using scripts = startScripts({ clock: systemClock });
  const { limits, isRequired } = auditSettings(env);
  const { namespace = "argocd", address = "127.0.0.1", insecure = false } = settings;
  const tls = insecure ? undefined : await readServerCertificate(cluster, namespace, signal);
  const redacted = createRedactedLog(settings);
  const kept = { file: auditFile(data), limits, clock: systemClock };
  // Who must have records has no server that begins without; to everybody else one that does not begin does more harm.
  const lasting = isRequired ? undefined : openLastingAudit({ ...kept, log: redacted.log });
  await using store = lasting ?? openSqliteAudit(kept);
  const live = await openView({ cluster, namespace, clock: systemClock, log: redacted.log, signal });
  const listening = Promise.withResolvers<(certificate: ServerCertificate) => void>();
  const serving = runApiServer({
    ...redacted,
    cluster,
    openCluster: startCluster,
    namespace,
    applicationNamespaces: settings.applicationNamespaces ?? [],
    host: address,
    port: settings.port ?? usualPort,
    takesOther: takesOther && settings.port === undefined,
    tls,
    trustedProxies: settings.trustedProxies,
    maxStreamsPerUser: settings.maxStreamsPerUser,
    ...readPaths(settings),
    ui: await readUi(uiDirectory),
    live,
    audit: { store, isRequired, setAside: lasting?.setAside.bind(lasting) },
    scripts,
    version,
    clock: systemClock,
    env,
    onReady: (bound, { useCertificate }) => {
      listening.resolve(useCertificate);
      const host = address.includes(":") ? `[${address}]` : address;
      say(`The server listens on ${insecure ? "http" : "https"}://${host}:${bound}.\n`);
      onReady();
    },
    signal,
  });
  const following = listening.promise.then(async (use) => {
    if (tls === undefined) return;
    await followServerCertificate({ cluster, namespace, shown: tls, use, log: redacted.log, signal });
  });
  await Promise.all([serving, following]);
}
