import { expect } from "vitest";
import type { RollbackHold } from "#core/rollback/index.ts";
import { parseHold, parseLastHealthy } from "#core/rollback/index.ts";
import type { ApplicationSettings, TestApplication } from "./application.ts";
import { configMap } from "./manifests.ts";

/** An application that goes back from what fails, and says so soon. */
export function goingBack(more: ApplicationSettings = {}): ApplicationSettings {
  return {
    automated: { prune: true, selfHeal: true },
    files: { "a.yaml": configMap("a", { k: "good" }) },
    annotations: { "mooring.dev/rollback-on-failure": "true", "mooring.dev/rollback-deadline": "3s" },
    spec: { syncPolicy: { retry: { limit: 1, backoff: { duration: "1s" } } } },
    ...more,
  };
}

/** The same with so long a deadline that there is time to do something between a failure and the rollback. */
export const goingBackLater: ApplicationSettings = goingBack({
  annotations: { "mooring.dev/rollback-on-failure": "true", "mooring.dev/rollback-deadline": "12s" },
});

/** No API server takes an object of this name. */
export const impossible = configMap("Not_A_Name");

/** Waits until the deployment that the history ends with is known to be good. */
export async function provenGood(app: TestApplication): Promise<void> {
  await app.waitFor(({ status, metadata }) => {
    const last = status?.history?.at(-1)?.id ?? -1;
    expect(parseLastHealthy(metadata.annotations)?.id).toBe(last);
  });
}

/** Waits until the hold is in this state and nothing runs. */
export async function held(app: TestApplication, state: RollbackHold["state"]): Promise<RollbackHold> {
  const { metadata } = await app.waitFor(({ metadata: { annotations }, operation, status }) => {
    expect(parseHold(annotations)?.state).toBe(state);
    expect(operation).toBeUndefined();
    expect(status?.operationState?.finishedAt).toBeDefined();
  }, 40_000);
  return parseHold(metadata.annotations) as RollbackHold;
}
