import type { ApiClient } from "#api/contract/api-client.ts";
import { viewString } from "#core/object/index.ts";
import type { Application } from "#core/app/index.ts";
import { projectNameOf } from "#core/app/index.ts";
import { isMooringError } from "#core/errors/index.ts";
import { resolveWindows } from "#core/hub/index.ts";
import type { PlacedWindow } from "#core/windows/index.ts";
import { turnsAt, verdictAt } from "#core/windows/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { formatTime } from "#runtime/clock.ts";
import { readConfig } from "../config.ts";
import type { CliHub } from "../hub.ts";
import type { CliPorts } from "../ports.ts";
import { readProjects } from "../resolve.ts";

/** What `app get` says of an Application's sync windows. */
export interface WindowsView {
  readonly state: string;
  /** `deny:0 22 * * *:1h`, as argocd says it. */
  readonly assigned: readonly string[];
}

/** Reads what decides about an Application's sync windows now; most projects have none, and then little is read. */
export async function readWindows(app: Application, hub: CliHub, ports: CliPorts): Promise<WindowsView> {
  if (hub.api !== undefined) return await askWindows(hub.api, app, ports);
  try {
    if (!(await mayHaveWindows(app, hub, ports))) return viewWindows([], [], 0);
    const config = await readConfig(hub, ports);
    const sources = await readProjects(app, { hub, config, signal: ports.signal });
    const { windows, problems } = resolveWindows(app, sources);
    return viewWindows(windows, problems, ports.clock.now());
  } catch (error) {
    if (!isMooringError(error, "KUBE_FORBIDDEN")) throw error;
    return { state: `Unknown (${error.message})`, assigned: [] };
  }
}

/** A server says whether a person may sync; what windows let happen by itself follows from those that are active. */
async function askWindows(api: ApiClient, app: Application, { signal }: CliPorts): Promise<WindowsView> {
  const { namespace: appNamespace = "", name } = app.metadata;
  const answer = await api.ask.application.getApplicationSyncWindows({ name, appNamespace }, signal);
  const { activeWindows = [], assignedWindows = [], canSync = false } = answer;
  const assigned = assignedWindows.map(
    ({ kind = "", schedule = "", duration = "" }) => `${kind}:${schedule}:${duration}`,
  );
  if (!canSync) return { state: "Sync Denied", assigned };
  const isOpen = activeWindows.some(({ kind }) => kind === "allow");
  const waits = !isOpen && assignedWindows.some(({ kind }) => kind === "allow");
  const isHeld = waits || activeWindows.some(({ kind }) => kind === "deny");
  return { state: isHeld ? "Manual Allowed" : "Sync Allowed", assigned };
}

async function mayHaveWindows(
  app: Application,
  { cluster, namespace }: CliHub,
  { signal }: CliPorts,
): Promise<boolean> {
  const [project, settings] = await Promise.all([
    cluster.read({ type: hubTypes.project, namespace, name: projectNameOf(app) }, signal),
    cluster.read({ type: hubTypes.configMap, namespace, name: "argocd-cm" }, signal),
  ]);
  const isPlain =
    project === undefined || (project["spec"] as { syncWindows?: unknown })?.syncWindows === undefined;
  return !isPlain || (viewString(settings, "data", "globalProjects") ?? "") !== "";
}

/** The state in argocd's words, with the next opening. */
function viewWindows(
  windows: readonly PlacedWindow[],
  problems: readonly string[],
  nowMs: number,
): WindowsView {
  const assigned = windows.map(
    ({ window: { spec } }) => `${spec.kind ?? ""}:${spec.schedule ?? ""}:${spec.duration ?? ""}`,
  );
  if (problems.length > 0) return { state: `Sync Denied (${problems.join("; ")})`, assigned };
  const verdict = verdictAt(windows, nowMs);
  if (verdict.automated) return { state: "Sync Allowed", assigned };
  const kind = verdict.manual ? "automated" : "manual";
  const opens = turnsAt(windows, nowMs, kind);
  const until = opens === undefined ? "no opening in sight" : `opens at ${formatTime(opens)}`;
  return { state: `${verdict.manual ? "Manual Allowed" : "Sync Denied"} (${until})`, assigned };
}
