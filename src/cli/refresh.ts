import { MooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { annotationsOf } from "#core/object/index.ts";
import { annotationKey } from "#core/tracking/index.ts";
import type { ApiClient } from "#api/contract/api-client.ts";
import type { ObjectRef } from "#ports/cluster.ts";
import type { CliHub } from "./hub.ts";
import { notFound, patchObject } from "./hub.ts";
import type { CliPorts } from "./ports.ts";
import { asObject } from "./server/as-object.ts";
import { waitForApplication } from "./watch-application.ts";

const defaultTimeoutSeconds = 60;

export interface RefreshOptions {
  readonly kind: "normal" | "hard";
  readonly timeoutSeconds: number | undefined;
  readonly ports: CliPorts;
}

/** Has the controller compare an Application with Git again, and gives the Application after that. Throws CLI_TIMEOUT. */
export async function refreshApplication(
  hub: CliHub,
  ref: ObjectRef,
  { kind, timeoutSeconds = defaultTimeoutSeconds, ports }: RefreshOptions,
): Promise<KubeObject> {
  if (hub.api !== undefined) return await refreshOverServer(hub.api, ref, { kind, timeoutSeconds, ports });
  await patchObject(hub, ref, {
    decide: () => ({ metadata: { annotations: { [annotationKey.refresh]: kind } } }),
    signal: ports.signal,
  });
  const refreshed = await waitForApplication(hub, ports, {
    ref,
    timeoutSeconds,
    until: (app) => {
      if (app === undefined) return "gone" as const;
      return annotationsOf(app)[annotationKey.refresh] === undefined ? app : undefined;
    },
  });
  if (refreshed === "gone") throw await notFound(hub, ref, ports.signal);
  if (refreshed !== undefined) return refreshed;
  throw new MooringError(
    "CLI_TIMEOUT",
    `Application/${ref.namespace}/${ref.name}: not refreshed within ${timeoutSeconds} s; see that a controller runs for namespace ${hub.namespace}: mooring controller, or kubectl -n ${hub.namespace} get lease`,
  );
}

/** A server answers when it has been compared. */
async function refreshOverServer(
  api: ApiClient,
  { type, name, namespace }: ObjectRef,
  { kind, timeoutSeconds = defaultTimeoutSeconds, ports }: RefreshOptions,
): Promise<KubeObject> {
  const stop = new AbortController();
  using _timer = ports.clock.after(timeoutSeconds * 1_000, () => stop.abort());
  try {
    const signal = AbortSignal.any([ports.signal, stop.signal]);
    return asObject(
      type,
      await api.ask.application.get({ name, appNamespace: namespace, refresh: kind }, signal),
    );
  } catch (error) {
    if (!stop.signal.aborted || ports.signal.aborted) throw error;
    throw new MooringError(
      "CLI_TIMEOUT",
      `Application/${namespace}/${name}: not refreshed within ${timeoutSeconds} s by server ${api.address}; see that a controller runs behind it`,
      { cause: error },
    );
  }
}
