import { isMooringError } from "#core/errors/index.ts";
import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { viewArray, viewNumber, viewString } from "#core/object/index.ts";
import type { Gate } from "#core/promotion/index.ts";
import type { ResourceType } from "#ports/cluster.ts";
import { boundText } from "./bound-text.ts";
import type { GateContext, GateOutcome } from "./gate-context.ts";
import type { WantedJob } from "./job-object.ts";
import { jobName, jobObject, promotionUidLabel } from "./job-object.ts";
import { numberOf, readNotes } from "./notes.ts";

const named = { namespaced: true, version: "v1", verbs: [], shortNames: [] } as const;
const jobType: ResourceType = { ...named, group: "batch", kind: "Job", plural: "jobs" };
const podType: ResourceType = { ...named, group: "", kind: "Pod", plural: "pods" };
const checkAgainMs = 10_000;
const attempts = 2;

/** Runs a Job to its end. One that somebody takes away meanwhile is made once more, and not again. */
export async function evaluateJob(gate: Gate, context: GateContext): Promise<GateOutcome> {
  const namespace = gate.spec.job?.namespace ?? context.pipeline.namespace;
  const denial = context.ports.denyJob(namespace);
  if (denial !== undefined) return { state: "Failed", message: denial };
  const made = numberOf(readNotes(context), "made");
  for (let attempt = Math.max(1, made); attempt <= attempts; attempt += 1) {
    const wanted = { name: jobName(gate, context, attempt), namespace };
    const found = await readOrMake(gate, context, { ...wanted, mayMake: attempt > made });
    if (found !== undefined) return await judge(found, context, { ...wanted, attempt });
  }
  const message = `its Job was deleted ${attempts} times before it ended; leave it alone, and promote again`;
  return { state: "Failed", message };
}

/** Undefined for one that was made before and is gone. */
async function readOrMake(
  gate: Gate,
  context: GateContext,
  { mayMake, ...wanted }: WantedJob & { readonly mayMake: boolean },
): Promise<KubeObject | undefined> {
  const { ports, signal } = context;
  const ref = { type: jobType, ...wanted };
  const found = await ports.cluster.read(ref, signal);
  if (found !== undefined || !mayMake) return found;
  try {
    return await ports.cluster.create(jobType, jobObject(gate, context, wanted), {
      fieldManager: "mooring-promotion",
      signal,
    });
  } catch (error) {
    if (!isMooringError(error, "KUBE_EXISTS")) throw error;
    return await ports.cluster.read(ref, signal);
  }
}

interface Tried extends WantedJob {
  readonly attempt: number;
}

async function judge(
  job: KubeObject,
  context: GateContext,
  { name, namespace, attempt }: Tried,
): Promise<GateOutcome> {
  const what = `Job ${namespace}/${name}`;
  if (job.metadata.labels?.[promotionUidLabel] !== context.promotion.uid)
    return { state: "Failed", message: `${what} is none of this promotion; delete it, and promote again` };
  const conditions = viewArray(job["status"], "conditions");
  const failed = conditions.find((one) => isTrue(one, "Failed"));
  if (failed !== undefined) {
    const reason = viewString(failed, "message") ?? viewString(failed, "reason") ?? "";
    const said = await lastMessage(context, { name, namespace });
    const parts = [reason, said].filter((part) => part !== "").join(": ");
    const look = `see its log with: kubectl logs -n ${namespace} job/${name}`;
    return { state: "Failed", message: `${what} failed: ${boundText(parts)}; ${look}` };
  }
  if (conditions.some((one) => isTrue(one, "Complete")))
    return { state: "Passed", message: `${what} is complete` };
  const active = viewNumber(job["status"], "active") ?? 0;
  const again = attempt > 1 ? ", made again because the first one was deleted" : "";
  return {
    state: "Waiting",
    message: `${what} ${active > 0 ? "runs" : "has not begun"}${again}`,
    checkAgainMs,
    notes: JSON.stringify({ made: attempt }),
  };
}

function isTrue(condition: JsonValue, type: string): boolean {
  return viewString(condition, "type") === type && viewString(condition, "status") === "True";
}

/** What the newest pod of a Job ended with; empty when there is none, or it says nothing. */
async function lastMessage({ ports, signal }: GateContext, { name, namespace }: WantedJob): Promise<string> {
  const labelSelector = `batch.kubernetes.io/job-name=${name}`;
  const pods = await ports.cluster.list(podType, { namespace, labelSelector, signal });
  const createdAt = ({ metadata }: KubeObject): string => metadata.creationTimestamp ?? "";
  const newest = pods.toSorted(
    (a, b) => Number(createdAt(a) < createdAt(b)) - Number(createdAt(a) > createdAt(b)),
  )[0];
  const ended = ["containerStatuses", "initContainerStatuses"].flatMap((list) =>
    viewArray(newest?.["status"], list).flatMap((status) => endOf(status)),
  );
  return ended[0] ?? viewString(newest, "status", "message") ?? "";
}

function endOf(status: JsonValue): readonly string[] {
  const code = viewNumber(status, "state", "terminated", "exitCode") ?? 0;
  if (code === 0) return [];
  const container = viewString(status, "name") ?? "";
  const message = viewString(status, "state", "terminated", "message") ?? "";
  return [`container ${container} ended with ${code}${message === "" ? "" : `: ${message.trim()}`}`];
}
