import type { HealthStatus } from "#core/health/index.ts";
import { formatDuration } from "#core/sync/duration.ts";
import type { RollbackSettings } from "./settings.ts";

export interface JudgedDeployment {
  readonly settings: RollbackSettings;
  /** When its sync ended, Unix milliseconds. */
  readonly deployedAtMs: number;
  readonly synced: boolean;
  readonly health: HealthStatus;
  /** Since when, Unix milliseconds. */
  readonly healthSinceMs: number;
  readonly nowMs: number;
}

export type DeploymentVerdict =
  | { readonly verdict: "healthy" }
  | { readonly verdict: "failed"; readonly reason: string }
  /** `atMs`: when it says something else if nothing changes; never when undefined. */
  | { readonly verdict: "open"; readonly atMs: number | undefined };

/**
 * What has become of a deployment: healthy once it was for the time of grace, failed when it stayed Degraded for that time or is not
 * Healthy at the deadline. Suspended is somebody's wish, and Unknown says nothing.
 */
export function judgeDeployment(deployment: JudgedDeployment): DeploymentVerdict {
  const { settings, deployedAtMs, health, healthSinceMs, nowMs } = deployment;
  const { deadlineMs, graceMs } = settings;
  switch (health) {
    case "Healthy":
      if (!deployment.synced) return { verdict: "open", atMs: undefined };
      return nowMs >= deployedAtMs + graceMs
        ? { verdict: "healthy" }
        : { verdict: "open", atMs: deployedAtMs + graceMs };
    case "Degraded": {
      const atMs = Math.max(deployedAtMs, healthSinceMs) + graceMs;
      return nowMs >= atMs ? { verdict: "failed", reason: "it is Degraded" } : { verdict: "open", atMs };
    }
    case "Progressing":
    case "Missing": {
      const atMs = deployedAtMs + deadlineMs;
      const reason = `it is ${health} ${formatDuration(deadlineMs)} after it was synced`;
      return nowMs >= atMs ? { verdict: "failed", reason } : { verdict: "open", atMs };
    }
    case "Suspended":
    case "Unknown":
      return { verdict: "open", atMs: undefined };
    default:
      throw new Error(`unhandled health: ${JSON.stringify(health satisfies never)}`);
  }
}
