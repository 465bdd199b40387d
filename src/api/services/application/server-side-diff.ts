import { appKeyOf } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import { objectKey } from "#core/object/index.ts";
import type { ManagedObject } from "#ports/live-view.ts";
import type { ApiCall } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import type {
  ApplicationServerSideDiffQuery,
  ApplicationServerSideDiffResponse,
} from "../../contract/gen/argocd/application_pb.ts";
import type { ResourceDiff } from "../../contract/gen/argocd/types_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";
import { findApplication } from "./find-application.ts";
import { presentManaged } from "./managed-resources.ts";
import { restoreMasked } from "./restore-masked.ts";

/** A client asks in groups of less. */
const maxResources = 2_000;

/**
 * What the API server would make of given manifests, by dry run. What the client says that lives is not believed: what lives is read, and of
 * objects that are not the application's nothing is told. Both sides are masked like everything that leaves the server.
 */
export async function serverSideDiff(
  context: ApiContext,
  query: ShapeOf<ApplicationServerSideDiffQuery>,
  { caller, signal }: ApiCall,
): Promise<ShapeOf<ApplicationServerSideDiffResponse>> {
  const { appName = "", liveResources = [], targetManifests = [] } = query;
  const app = findApplication(context, { ...query, name: appName }, { caller, action: "get" });
  refuseMany(liveResources.length, targetManifests.length);
  const key = appKeyOf(app);
  const given = targetManifests.filter((text) => text !== "" && text !== "null");
  const manifests = await restoreMasked(context, given, { app, signal });
  const compared = manifests.length === 0 ? [] : await context.live.compareWith(key, manifests, signal);
  const wanted = new Set(compared.map((object) => object.key));
  const left = liveResources.map((one) => keyOfDiff(one)).filter((one) => !wanted.has(one));
  const gone = left.length === 0 ? [] : await goneOf(context, { key, left: new Set(left), signal });
  const items = [...compared, ...gone].map((object) => present(context, app, object));
  return { items, modified: items.some(({ modified }) => modified === true) };
}

function refuseMany(live: number, targets: number): void {
  if (live <= maxResources && targets <= maxResources) return;
  throw new MooringError(
    "API_INVALID_ARGUMENT",
    `ApplicationServerSideDiffQuery: has ${live} live resources and ${targets} manifests; ask for at most ${maxResources} at once`,
  );
}

function keyOfDiff({ group = "", kind = "", namespace = "", name = "" }: ShapeOf<ResourceDiff>): ObjectKey {
  return objectKey({ group, kind, namespace, name });
}

interface Gone {
  readonly key: ReturnType<typeof appKeyOf>;
  readonly left: ReadonlySet<ObjectKey>;
  readonly signal: AbortSignal;
}

/** What lives without a manifest, as a sync of these manifests would leave it: away. */
async function goneOf(context: ApiContext, { key, left, signal }: Gone): Promise<readonly ManagedObject[]> {
  const managed = await context.live.managed(key, signal);
  return managed
    .filter((object) => left.has(object.key) && object.live !== undefined)
    .map((object) => ({ ...object, target: undefined, predicted: undefined, sync: "OutOfSync" }) as const);
}

/** Argo CD's clients print the difference between `liveState` and `targetState` here. */
function present(context: ApiContext, app: KubeObject, object: ManagedObject): ShapeOf<ResourceDiff> {
  const shown = presentManaged(object, app, context);
  const { normalizedLiveState = "null", predictedLiveState = "null" } = shown;
  return { ...shown, liveState: normalizedLiveState, targetState: predictedLiveState };
}
