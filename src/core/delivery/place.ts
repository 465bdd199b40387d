import type { Delivery } from "./delivery.ts";

/**
 * Where a change is in one application:
 *
 * - `unchanged`: it changes nothing that the application declares to read;
 * - `absent`: what the application follows does not contain it;
 * - `waiting`, `applying`, `failed`: it is on its way;
 * - `applied`, `healthy`, `degraded`: it is deployed, and so is the application;
 * - `replaced`: it was deployed and is no more;
 * - `unknown`: the application was never compared, or its revision is lost.
 */
type PlaceState =
  | "unchanged"
  | "absent"
  | "waiting"
  | "applying"
  | "failed"
  | "applied"
  | "healthy"
  | "degraded"
  | "replaced"
  | "unknown";

export interface Place {
  readonly state: PlaceState;
  /** What it waits for, or what became of it, as a sentence; empty where the state says all. */
  readonly note: string;
  /** What brought it. */
  readonly delivery?: Delivery | undefined;
}

/** What an application's status says. */
export interface AppFacts {
  /** Of the source that is asked about: what is deployed and what Git wants; undefined when nobody knows. */
  readonly deployed: string | undefined;
  readonly wanted: string | undefined;
  /** What the source follows, for people. */
  readonly follows: string;
  readonly health: string;
  readonly isAutomated: boolean;
  /** Why it cannot be compared or synced, by its conditions; empty for no reason. */
  readonly trouble: string;
  /** Its last operation; undefined when there was none. */
  readonly operation:
    | { readonly revision: string; readonly phase: string; readonly message: string }
    | undefined;
}

export interface CommitInApp {
  readonly commit: string;
  readonly facts: AppFacts;
  /** Newest first. */
  readonly deliveries: readonly Delivery[];
  /** The place of the source among the application's. */
  readonly source: number;
  /** Whether a revision is the commit or comes after it; undefined for one that is lost. */
  readonly isWithin: (revision: string) => boolean | undefined;
  /** Whether it changes what the application declares to read; undefined when that cannot be told. */
  readonly touches: boolean | undefined;
  /** What that is, for people. */
  readonly reads: string;
}

/** Where a commit is in an application that reads its repository. */
export function placeCommit(asked: CommitInApp): Place {
  const { commit, facts, deliveries, source, isWithin, touches, reads } = asked;
  const revisionOf = ({ revision }: Delivery) => revision.split(",")[source] ?? "";
  const isIn = (delivery: Delivery) => isWithin(revisionOf(delivery)) === true;
  const ordered = inOrder(deliveries);
  if (touches === false && !ordered.some((one) => revisionOf(one) === commit))
    return { state: "unchanged", note: `it changes nothing of ${reads}, which the application reads` };
  const { deployed, wanted } = facts;
  const applied = ordered.filter(({ appliedMs }) => appliedMs !== undefined);
  if (deployed !== undefined && isWithin(deployed) === true)
    return deployedPlace(lastRun(applied, isIn), facts, revisionOf);
  const was = applied.findLast(isIn);
  if (was !== undefined) {
    const next = applied[applied.indexOf(was) + 1];
    return { state: "replaced", note: replacedNote(next, short(deployed ?? "")), delivery: was };
  }
  if (wanted === undefined || isWithin(wanted) === undefined)
    return { state: "unknown", note: unknownNote(facts) };
  if (isWithin(wanted) === false)
    return { state: "absent", note: `${facts.follows} is at ${short(wanted)}, which does not contain it` };
  return {
    ...pendingPlace(facts, (revision) => isWithin(revision.split(",")[source] ?? "") === true),
    delivery: ordered.findLast(isIn),
  };
}

export interface ImageInApp {
  readonly facts: AppFacts;
  /** Newest first. */
  readonly deliveries: readonly Delivery[];
  /** What runs now. */
  readonly running: readonly string[];
  readonly matches: (image: string) => boolean;
}

/** Where an image is in an application; undefined when it never ran there, as far as is known. */
export function placeImage({ facts, deliveries, running, matches }: ImageInApp): Place | undefined {
  const applied = inOrder(deliveries).filter(
    ({ appliedMs, images }) => appliedMs !== undefined && images !== undefined,
  );
  const now = new Set(running.filter((image) => matches(image)));
  if (now.size > 0) {
    const hasIt = ({ images = [] }: Delivery) => images.some((image) => now.has(image));
    const run = lastRun(applied, hasIt);
    const place = deployedPlace(run.slice(0, 1), facts, ({ revision }) => revision);
    if (run.length > 0) return place;
    return { ...place, note: withNote(place.note, "nothing is kept of what brought it") };
  }
  const was = applied.findLast(({ images = [] }) => images.some((image) => matches(image)));
  if (was === undefined) return undefined;
  const next = applied[applied.indexOf(was) + 1];
  return { state: "replaced", note: replacedNote(next, ""), delivery: was };
}

function inOrder(deliveries: readonly Delivery[]): readonly Delivery[] {
  const at = ({ appliedMs, startedMs, failedMs, renderedMs, seenMs }: Delivery) =>
    appliedMs ?? startedMs ?? failedMs ?? renderedMs ?? seenMs ?? 0;
  // Times of operations are whole seconds: of equal ones the order of what is given counts.
  return deliveries.toReversed().toSorted((a, b) => at(a) - at(b));
}

/** The deliveries since it was there without a break, the one that brought it first. */
function lastRun(applied: readonly Delivery[], isIn: (delivery: Delivery) => boolean): readonly Delivery[] {
  const before = applied.findLastIndex((delivery) => !isIn(delivery));
  return applied.slice(before + 1);
}

function deployedPlace(
  run: readonly Delivery[],
  { health, trouble }: AppFacts,
  revisionOf: (delivery: Delivery) => string,
): Place {
  const [brought] = run;
  const later = run.at(-1);
  const isSuperseded = brought !== undefined && later !== brought && brought.healthyMs === undefined;
  const superseded =
    isSuperseded && later !== undefined
      ? `it was superseded by ${short(revisionOf(later))} before it was healthy`
      : "";
  const common = { delivery: brought };
  if (health === "Healthy") return { ...common, state: "healthy", note: superseded };
  if (health === "Degraded") return { ...common, state: "degraded", note: withNote(superseded, trouble) };
  const waits = `it waits for the application to be healthy, which is ${health === "" ? "Unknown" : health}`;
  return { ...common, state: "applied", note: withNote(superseded, waits) };
}

function pendingPlace(facts: AppFacts, isIn: (revision: string) => boolean): Place {
  const { operation, isAutomated, trouble } = facts;
  if (operation !== undefined && isIn(operation.revision)) {
    if (operation.phase === "Running" || operation.phase === "Terminating")
      return { state: "applying", note: operation.message };
    if (operation.phase !== "Succeeded") return { state: "failed", note: operation.message };
  }
  if (trouble !== "") return { state: "waiting", note: trouble };
  const note = isAutomated
    ? "it waits for the automated sync"
    : "it waits for somebody to sync: automated sync is off";
  return { state: "waiting", note };
}

function unknownNote({ wanted, follows, trouble }: AppFacts): string {
  if (trouble !== "") return trouble;
  if (wanted === undefined) return "the application was not compared yet";
  return `${follows} is at ${short(wanted)}, which its repository has no more`;
}

function replacedNote(next: Delivery | undefined, deployed: string): string {
  const by = next === undefined ? deployed : short(next.revision);
  if (by === "") return "it runs there no more";
  return next?.isRollback === true ? `it was rolled back to ${by}` : `it was replaced by ${by}`;
}

function withNote(first: string, second: string): string {
  return [first, second].filter((one) => one !== "").join("; ");
}

function short(revision: string): string {
  return revision
    .split(",")
    .map((one) => (/^[0-9a-f]{40,64}$/u.test(one) ? one.slice(0, 7) : one.slice(0, 40)))
    .join(", ");
}
