import type { Application } from "./types.ts";

/** True while automated sync is on; one that is switched off keeps its settings. */
export function isAutomated({ spec }: Pick<Application, "spec">): boolean {
  const automated = spec.syncPolicy?.automated;
  return automated !== undefined && automated.enabled !== false;
}
