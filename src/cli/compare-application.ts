import type { Application } from "#core/app/index.ts";
import { inventoryOf } from "#core/app/index.ts";
import type { ComparedObject } from "#engine/compare.ts";
import { compareApp } from "#engine/compare.ts";
import type { ComparisonRules } from "#engine/comparison-rules.ts";
import { comparisonRulesOf } from "#engine/comparison-rules.ts";
import type { AppContext } from "#engine/app-context.ts";
import type { Desired } from "#engine/desired.ts";
import { HealthChecks } from "#engine/scripted-health.ts";
import { createSnapshotStore } from "#engine/snapshot-store.ts";
import { namespaceKeyOf } from "#engine/sync-options.ts";
import { readConfig } from "./config.ts";
import { renderDesired } from "./desired.ts";
import type { CliHub } from "./hub.ts";
import { openTarget } from "./open-target.ts";
import type { CliPorts, LocalDirectory } from "./ports.ts";
import { resolveApp } from "./resolve.ts";

export interface CompareRequest {
  readonly hub: CliHub;
  readonly ports: CliPorts;
  /** By source, instead of the target revisions. */
  readonly revisions: readonly string[];
  /** Files in place of those of the only source. */
  readonly local?: LocalDirectory | undefined;
  /** What the randomness of templates is derived from; drawn anew unless told. */
  readonly seedSecret?: string | undefined;
}

/** An Application compared with Git, as the controller compares it, with the connection to its cluster. */
export interface ComparedApplication extends AsyncDisposable {
  readonly context: AppContext;
  readonly desired: Desired;
  readonly compared: readonly ComparedObject[];
  readonly rules: ComparisonRules;
}

/** Renders an Application here and compares it with its cluster; nothing is written. Dispose the result to end the connection. */
export async function compareApplication(
  app: Application,
  { hub, ports, revisions, local, seedSecret }: CompareRequest,
): Promise<ComparedApplication> {
  const { signal } = ports;
  const config = await readConfig(hub, ports);
  const references = await resolveApp(app, { hub, config, signal });
  await using connections = new AsyncDisposableStack();
  const target = connections.use(await openTarget(references.target, hub, ports));
  const desired = await renderDesired(references, {
    target: target.cluster,
    revisions,
    ports,
    local,
    seedSecret,
  });
  const live = createSnapshotStore(target.cluster);
  const scripts = await ports.startScripts();
  const rules = comparisonRulesOf({ ...references, scripts });
  const checks = new HealthChecks({
    scripts,
    clock: ports.clock,
    secretHash: ports.hashSecret,
  });
  const namespace = namespaceKeyOf(app, {});
  const compared = await compareApp({
    claimant: "cli",
    desired,
    inventory: [...inventoryOf(app), ...(namespace === undefined ? [] : [namespace])],
    live,
    tracking: references.tracking,
    secretHash: ports.hashSecret,
    verdicts: new Map(),
    rules,
    health: checks.judgeBy(references.settings.healthScripts, references.instance),
    signal,
  });
  const kept = connections.move();
  const dispose = () => kept.disposeAsync();
  return { context: { ...references, live }, desired, compared, rules, [Symbol.asyncDispose]: dispose };
}
