import { isMooringError, messageOf } from "#core/errors/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { mergePatchOf } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { formatTime } from "#runtime/clock.ts";
import type { ImageDeps } from "./deps.ts";
import type { ImageAutomationStatus } from "./read-status.ts";
import { statusOf } from "./read-status.ts";
import type { Verdict } from "./status.ts";

const fieldManager = "mooring-controller";

interface Reported {
  readonly status: ImageAutomationStatus;
  readonly verdict: Verdict;
}

/** Writes a status where it changed, and an event where Ready says something else than before. */
export async function record(
  object: KubeObject,
  { status, verdict }: Reported,
  deps: ImageDeps,
): Promise<void> {
  const { hub, automations, log, signal } = deps;
  const { namespace = "", name = "" } = object.metadata;
  const patch = mergePatchOf((object["status"] ?? {}) as JsonObject, status as JsonObject);
  try {
    if (patch !== undefined) {
      const ref = { type: hubTypes.imageAutomation, namespace, name };
      const options = { fieldManager, subresource: "status", signal } as const;
      automations.observe(await hub.cluster.mergePatch(ref, { status: patch }, options));
    }
    if (isNews(object, status)) await writeEvent(object, verdict, deps);
  } catch (error) {
    if (signal.aborted || isMooringError(error, "KUBE_NOT_FOUND")) return;
    log.warn("status of an ImageAutomation cannot be written", {
      automation: `${namespace}/${name}`,
      error: messageOf(error),
    });
  }
}

function isNews(object: KubeObject, after: ImageAutomationStatus): boolean {
  const readyOf = (status: ImageAutomationStatus) => status.conditions?.find(({ type }) => type === "Ready");
  const [was, is] = [readyOf(statusOf(object)), readyOf(after)];
  if (is?.reason === "UpToDate") return false;
  const isOtherCommit = after.lastCommit !== statusOf(object).lastCommit;
  return isOtherCommit || was?.reason !== is?.reason || was?.message !== is?.message;
}

async function writeEvent(
  object: KubeObject,
  { isReady, reason, message }: Verdict,
  deps: ImageDeps,
): Promise<void> {
  const { hub, clock, random, signal } = deps;
  const { namespace = "", name = "", uid } = object.metadata;
  const now = formatTime(clock.now());
  const suffix = `${clock.now().toString(16)}${Math.floor(random() * 0xffff).toString(16)}`;
  const event: KubeObject = {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: `${name.slice(0, 200)}.${suffix}`, namespace },
    involvedObject: {
      apiVersion: object.apiVersion,
      kind: object.kind,
      namespace,
      name,
      ...(uid === undefined ? {} : { uid }),
    },
    type: isReady ? "Normal" : "Warning",
    reason,
    message: message.slice(0, 1_000),
    source: { component: fieldManager },
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
  };
  await hub.cluster.create(hubTypes.event, event, { fieldManager, signal });
}
