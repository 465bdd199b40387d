import type { Application } from "#core/app/index.ts";
import { readConfig } from "./config.ts";
import type { CliHub } from "./hub.ts";
import type { CliPorts } from "./ports.ts";
import { resolveApp } from "./resolve.ts";
import { validateSources } from "./validate-source.ts";

interface Check {
  readonly hub: CliHub;
  readonly ports: CliPorts;
  /** Asks the repositories, too. */
  readonly validate: boolean;
}

/**
 * Refuses Applications that refer to what is not there, or that their project forbids, before anything is written; a server that is asked
 * checks them itself. Throws APP_INVALID, and the errors of repositories.
 */
export async function checkApplications(
  apps: readonly Application[],
  { hub, ports, validate }: Check,
): Promise<void> {
  if (hub.api !== undefined) return;
  const config = await readConfig(hub, ports);
  for (const app of apps) {
    const resolved = await resolveApp(app, { hub, config, signal: ports.signal });
    if (validate) await validateSources(resolved, ports);
  }
}
