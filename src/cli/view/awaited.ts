import type { Application } from "#core/app/index.ts";
import { isOperationRunning } from "#core/requests/index.ts";
import { resourceKey, selectResources } from "../select-resources.ts";

/** What `app wait` waits for. */
export interface WaitFor {
  readonly sync: boolean;
  readonly health: boolean;
  readonly operation: boolean;
  readonly suspended: boolean;
  readonly degraded: boolean;
  readonly deletion: boolean;
  /** `--resource` patterns; empty for the whole Application. */
  readonly resources: readonly string[];
}

/** What is still awaited, a phrase each; empty when the wait is over. */
export function awaitedOf(app: Application, wanted: WaitFor): readonly string[] {
  const awaited: string[] = [];
  if (wanted.deletion) awaited.push("its deletion");
  if (wanted.operation && isOperationRunning(app)) {
    const state = app.status?.operationState;
    const message = state?.finishedAt === undefined ? state?.message : undefined;
    awaited.push(`its operation to end${message === undefined ? "" : ` (${message})`}`);
  }
  for (const part of partsOf(app, wanted.resources)) {
    if (wanted.sync && part.sync !== "Synced") awaited.push(`${part.name} to be Synced (${part.sync})`);
    const healths = healthsOf(wanted);
    // An object of a kind without a rule has no health: it is as good as it gets.
    const ok = healths.length === 0 || part.health === undefined || healths.includes(part.health);
    if (!ok) awaited.push(`${part.name} to be ${healths.join(" or ")} (${part.health ?? ""}${part.message})`);
  }
  return awaited;
}

function healthsOf({ health, suspended, degraded }: WaitFor): readonly string[] {
  return [
    ...(health ? ["Healthy"] : []),
    ...(suspended ? ["Suspended"] : []),
    ...(degraded ? ["Degraded"] : []),
  ];
}

interface Part {
  readonly name: string;
  readonly sync: string;
  readonly health: string | undefined;
  readonly message: string;
}

function partsOf(app: Application, patterns: readonly string[]): readonly Part[] {
  const { status } = app;
  if (patterns.length === 0) {
    return [
      {
        name: "the application",
        sync: status?.sync?.status ?? "Unknown",
        health: status?.health?.status ?? "Unknown",
        message: formatMessage(status?.health?.message),
      },
    ];
  }
  const chosen = new Set(selectResources(app, patterns).map((one) => resourceKey(one)));
  return (status?.resources ?? [])
    .filter((one) => chosen.has(resourceKey(one)))
    .map((one) => ({
      name: `${one.kind ?? ""}/${one.namespace === undefined || one.namespace === "" ? "" : `${one.namespace}/`}${one.name ?? ""}`,
      sync: one.status ?? "Unknown",
      health: one.health?.status,
      message: formatMessage(one.health?.message),
    }));
}

function formatMessage(message: string | undefined): string {
  return message === undefined || message === "" ? "" : `: ${message}`;
}
