import type { Application, OperationState, RevisionHistory } from "#core/app/index.ts";
import { joinRevisions, revisionsOf } from "#core/app/index.ts";
import type { Delivery } from "#core/delivery/index.ts";
import { isAbortError, isMooringError } from "#core/errors/index.ts";
import { mergeSummaries } from "#core/summary/index.ts";
import type { AppContext } from "#engine/app-context.ts";
import type { ComparedObject } from "#engine/compare.ts";
import type { TimelineOwner } from "#ports/timeline.ts";
import type { ApplicationDeps } from "./deps.ts";
import type { Look } from "./look.ts";
import type { AppState } from "./state.ts";
import { countsAsOutOfSync, healthOfAll } from "./status.ts";

export interface Noting {
  readonly app: Application;
  readonly state: AppState;
  readonly look: Look;
  readonly deps: ApplicationDeps;
  readonly owner: TimelineOwner;
}

/** More images of one application nobody asks for. */
const maxImages = 50;

/** Notes how far revisions are on their way to the cluster: the one that Git wants, and the one that was deployed last. */
export function noteDeliveries(noting: Noting): void {
  const { app, state, deps, owner } = noting;
  const operation = deploymentOf(lastOperationOf(app, state));
  const deployed = operation === undefined ? undefined : deployedBy(operation, noting);
  const arrived = arrivalOf(noting, operation);
  const news = [arrived, deployed].filter((one) => one !== undefined);
  const said = JSON.stringify(news);
  if (news.length === 0 || state.toldDelivery === said) return;
  state.toldDelivery = said;
  for (const one of news) deps.timeline?.noteDelivery(owner, one);
  if (deployed !== undefined) noteCommitted(noting, deployed);
}

/** The one that has just ended is not written down yet. */
export function lastOperationOf({ status }: Application, { finished }: AppState): OperationState | undefined {
  return finished?.state ?? status?.operationState;
}

/** An operation that has ended and was to bring the whole application to a revision; self-heals only bring back what was there. */
function deploymentOf(operation: OperationState | undefined): OperationState | undefined {
  const { sync } = operation?.operation ?? {};
  if (operation?.finishedAt === undefined || sync === undefined || sync.dryRun === true) return undefined;
  if ((sync.autoHealAttemptsCount ?? 0) > 0 || (sync.resources ?? []).length > 0) return undefined;
  if ((sync.manifests ?? []).length > 0) return undefined;
  return revisionsOf(operation.syncResult ?? {}).length === 0 ? undefined : operation;
}

function revisionOf(operation: OperationState): string {
  return joinRevisions(revisionsOf(operation.syncResult ?? {}));
}

/** What Git wants and is not deployed; a revision that changes nothing of this application goes nowhere. */
function arrivalOf(
  { app, state, look: { desired, compared } }: Noting,
  operation: OperationState | undefined,
): Delivery | undefined {
  if (desired === undefined || compared === undefined) return undefined;
  const revision = joinRevisions(desired.revisions);
  const isDone = isDeployed(app, revision);
  const isEnded = operation !== undefined && revisionOf(operation) === revision;
  const isOut = compared.some((object) => countsAsOutOfSync(object));
  if (isDone || (!isEnded && !isOut)) return undefined;
  const arrival = state.arrival?.revision === revision ? state.arrival : undefined;
  return { revision, seenMs: arrival?.seenMs, renderedMs: arrival?.renderedMs };
}

function isDeployed({ status }: Application, revision: string): boolean {
  const last = status?.history?.at(-1);
  return last !== undefined && joinRevisions(revisionsOf(last)) === revision;
}

function deployedBy(operation: OperationState, noting: Noting): Delivery {
  const revision = revisionOf(operation);
  const before = historyBefore(noting.app, operation).map((entry) => joinRevisions(revisionsOf(entry)));
  const previous = before.at(-1) ?? "";
  const { initiatedBy } = operation.operation;
  const username = initiatedBy?.automated === true ? "" : (initiatedBy?.username ?? "");
  return {
    revision,
    previous,
    by: username === "" ? "automation" : username,
    ...(isBack(before, revision) ? { isRollback: true } : {}),
    ...resultOf(operation),
    ...healthOf(operation, noting),
  };
}

/** Whether a revision had been deployed before what is deployed now was; one that comes again after a rollback goes on. */
function isBack(before: readonly string[], revision: string): boolean {
  const first = before.indexOf(revision);
  return first >= 0 && first < before.indexOf(before.at(-1) ?? "");
}

/** What had been deployed when the operation began; times in a status are whole seconds. */
function historyBefore({ status }: Application, operation: OperationState): readonly RevisionHistory[] {
  const { startedAt } = operation;
  return (status?.history ?? []).filter((entry) => {
    const beganAt = entry.deployStartedAt ?? entry.deployedAt;
    const isOther = joinRevisions(revisionsOf(entry)) !== revisionOf(operation);
    return beganAt < startedAt || (beganAt === startedAt && isOther);
  });
}

function resultOf(operation: OperationState): Partial<Delivery> {
  const endedMs = Date.parse(operation.finishedAt ?? "");
  if (operation.phase !== "Succeeded") return { failedMs: endedMs };
  const changes = (operation.syncResult?.resources ?? []).filter(
    ({ status, message = "", hookPhase = "" }) =>
      hookPhase === "" && status !== "PruneSkipped" && !message.endsWith("unchanged"),
  );
  return { startedMs: Date.parse(operation.startedAt), appliedMs: endedMs, changes: changes.length };
}

/** Since when it is healthy, or ill; what was never ill, since it was applied. And what it runs, once all is as it should be. */
function healthOf(operation: OperationState, { app, look, state, deps }: Noting): Partial<Delivery> {
  const { appliedMs } = resultOf(operation);
  const compared = look.held?.compared ?? look.compared;
  if (appliedMs === undefined || compared === undefined || state.running !== undefined) return {};
  const images = imagesOf(compared);
  const { status } = healthOfAll(compared);
  if (status !== "Healthy" && status !== "Degraded") return images;
  const before = app.status?.health;
  const saidMs = Date.parse(before?.lastTransitionTime ?? "");
  const sinceMs =
    before?.status === status && !Number.isNaN(saidMs) ? saidMs : nowOf(before?.status, deps, appliedMs);
  const atMs = Math.max(appliedMs, sinceMs);
  return status === "Healthy" ? { ...images, healthyMs: atMs } : { ...images, degradedMs: atMs };
}

/** A state that is new began now; one without a time as far as is known when it was applied. */
function nowOf(before: string | undefined, { adapters }: ApplicationDeps, appliedMs: number): number {
  return before === undefined ? appliedMs : adapters.clock.now();
}

function imagesOf(compared: readonly ComparedObject[]): Partial<Delivery> {
  if (compared.some((object) => countsAsOutOfSync(object))) return {};
  const { images } = mergeSummaries(compared.map(({ summary }) => summary));
  return images.length === 0 ? {} : { images: images.slice(0, maxImages) };
}

/** Finds out when what was delivered was written, beside the look: nothing waits for it. */
function noteCommitted({ state, look: { context }, deps, owner }: Noting, delivery: Delivery): void {
  const { revision, previous = "" } = delivery;
  if (context === undefined || state.toldCommitted === revision) return;
  state.toldCommitted = revision;
  const task = committedMs(context, { revision, previous, deps }).then((time) => {
    if (time !== undefined) deps.timeline?.noteDelivery(owner, { revision, committedMs: time });
  });
  deps.tasks.add(task);
  void task.finally(() => deps.tasks.delete(task));
}

interface Delivered {
  readonly revision: string;
  readonly previous: string;
  readonly deps: ApplicationDeps;
}

/** When the newest of the commits was written that a delivery brought; undefined when that cannot be told, or none is a commit. */
async function committedMs(
  { sources }: AppContext,
  { revision, previous, deps: { adapters, signal } }: Delivered,
): Promise<number | undefined> {
  const [now, before] = [revision.split(","), previous.split(",")];
  const times: number[] = [];
  for (const [i, reference] of sources.entries()) {
    const commit = now[i] ?? "";
    if (reference.kind !== "git" || commit === "" || commit === before[i]) continue;
    try {
      const { date } = await adapters.git.readCommit(reference.access, commit, signal);
      times.push(Date.parse(date));
    } catch (error) {
      // The figure lacks one delivery then; what is delivered is none the worse.
      if (!isMooringError(error) && !isAbortError(error)) throw error;
    }
  }
  return times.length === 0 ? undefined : Math.max(...times);
}
