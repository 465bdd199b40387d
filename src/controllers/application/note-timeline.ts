import type { Application } from "#core/app/index.ts";
import { joinRevisions, revisionsOf } from "#core/app/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { jsonEqual } from "#core/object/index.ts";
import { describeDrifted } from "#core/timeline/index.ts";
import type { AppContext } from "#engine/app-context.ts";
import type { ComparedObject } from "#engine/compare.ts";
import type { DriftEnd } from "#ports/timeline.ts";
import type { ApplicationDeps } from "./deps.ts";
import type { Look } from "./look.ts";
import type { AppState } from "./state.ts";
import type { Noting } from "./note-deliveries.ts";
import { lastOperationOf, noteDeliveries } from "./note-deliveries.ts";
import { countsAsOutOfSync } from "./status.ts";

/** Objects of one application whose drift is kept; more at once is a cluster in trouble, not somebody's hand. */
const maxObjects = 50;

/** Keeps, for people to look back at, what this look tells that none before it did. Nothing is decided by it. */
export function noteTimeline(
  app: Application,
  state: AppState,
  { look, deps }: { readonly look: Look; readonly deps: ApplicationDeps },
): void {
  const { context } = look;
  // What is not known of the cluster now says nothing of what happened there.
  if (deps.timeline === undefined || context === undefined || look.outdated) return;
  const noting: Noting = { app, state, look, deps, owner: { app: context.key, uid: state.uid } };
  noteDeliveries(noting);
  // While an operation works, differences are its own doing.
  if (state.running === undefined) noteDrifts(context, noting);
}

function noteDrifts(context: AppContext, { app, state, look, deps, owner }: Noting): void {
  const { desired, compared } = look.held ?? look;
  if (desired === undefined || compared === undefined) return;
  const isNews = !isDeployedFrom(app, context, {
    revisions: desired.revisions,
    isHeld: look.held !== undefined,
  });
  const found = isNews
    ? []
    : compared.filter(
        (object) =>
          countsAsOutOfSync(object) &&
          !object.unreachable &&
          (object.desired !== undefined || !state.pruned.has(object.key)),
      );
  const said = found.map((object) => signatureOf(object)).join("\n");
  if (state.toldDrift?.said === said) return;
  const atMs = deps.adapters.clock.now();
  const objects = found.slice(0, maxObjects).map(({ key, drift, desired: wanted }) =>
    describeDrifted({
      key,
      drift,
      desired: wanted?.read(),
      live: context.live.get(key),
      hasSecrets: (wanted?.secretPaths ?? []).length > 0,
      redact: deps.redact,
    }),
  );
  const end = isNews ? "git" : endBy(lastOperationOf(app, state), state.toldDrift?.atMs);
  deps.timeline?.noteDrifts(owner, { revision: joinRevisions(desired.revisions), objects, end, atMs });
  state.toldDrift = { said, atMs };
}

interface Aim {
  readonly revisions: readonly string[];
  readonly isHeld: boolean;
}

/** Whether what is compared with is what was deployed last: all that differs from it then is somebody's doing in the cluster. */
function isDeployedFrom(app: Application, { sources }: AppContext, { revisions, isHeld }: Aim): boolean {
  const last = app.status?.history?.at(-1);
  if (last === undefined || joinRevisions(revisionsOf(last)) !== joinRevisions(revisions)) return false;
  const listed = last.sources ?? [];
  const deployed = listed.length > 0 ? listed : last.source === undefined ? [] : [last.source];
  return isHeld || jsonEqual(deployed as JsonValue, sources.map(({ source }) => source) as JsonValue);
}

function signatureOf({ key, liveVersion, desired, drift }: ComparedObject): string {
  const what = desired === undefined ? "extra" : liveVersion === undefined ? "missing" : "changed";
  return [key, what, ...drift.map(({ path, manager = "" }) => `${path} ${manager}`)].join("\t");
}

/** What ended a drift that was found at a time; a second more or less is the roundness of the times in a status. */
function endBy(operation: ReturnType<typeof lastOperationOf>, foundMs: number | undefined): DriftEnd {
  const endedMs = Date.parse(operation?.finishedAt ?? "");
  if (foundMs === undefined || Number.isNaN(endedMs) || endedMs < foundMs - 1_000) return "elsewhere";
  return (operation?.operation.sync?.autoHealAttemptsCount ?? 0) > 0 ? "self-heal" : "sync";
}
