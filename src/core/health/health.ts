/** Argo CD's health statuses, best first. */
export const healthStatuses = [
  "Healthy",
  "Suspended",
  "Progressing",
  "Missing",
  "Degraded",
  "Unknown",
] as const;
export type HealthStatus = (typeof healthStatuses)[number];

export interface Health {
  readonly status: HealthStatus;
  /** Why, in the words of Argo CD or of the object's own conditions; absent when there is nothing to add. */
  readonly message?: string;
}

/** A health whose empty message is left out. */
export function health(status: HealthStatus, message?: string): Health {
  return message ? { status, message } : { status };
}

export function isHealthStatus(text: string): text is HealthStatus {
  return (healthStatuses as readonly string[]).includes(text);
}

/** True when `status` is strictly worse than `than`. */
export function isWorse(status: HealthStatus, than: HealthStatus): boolean {
  return healthStatuses.indexOf(status) > healthStatuses.indexOf(than);
}

/** The worst of several, the first one of equals; Healthy when there are none. */
export function worstHealth(healths: Iterable<Health>): Health {
  let worst: Health = { status: "Healthy" };
  let found = false;
  for (const candidate of healths) {
    if (!found || isWorse(candidate.status, worst.status)) worst = candidate;
    found = true;
  }
  return worst;
}
