import { appKeyOf } from "#core/app/index.ts";
import { isAbortError, isMooringError } from "#core/errors/index.ts";
import type { Clock } from "#runtime/clock.ts";
import { createBell } from "../../bell.ts";
import type { ApiCall } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import type { ResourcesQuery } from "../../contract/gen/argocd/application_pb.ts";
import type { ApplicationTree } from "../../contract/gen/argocd/types_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";
import type { OwnedObjects } from "../../owned-objects.ts";
import { findApplication } from "./find-application.ts";
import type { KubeObject } from "#core/object/index.ts";
import type { Tree } from "./resource-tree.ts";
import { presentTree, readTree } from "./resource-tree.ts";

/** What changes within so short a time is told once. */
const gatherMs = 200;
/** While no controller leads, the tree is asked for so often. */
const awayMs = 1_000;

/**
 * The tree, and the whole of it again whenever something of it has changed. A client that reads slowly gets the newest one. Whether
 * the caller may see the application is asked again with each. While no controller leads nothing is told, and the next one goes on.
 */
export async function* watchResourceTree(
  context: ApiContext,
  query: ShapeOf<ResourcesQuery>,
  { caller, signal }: ApiCall,
): AsyncIterable<ShapeOf<ApplicationTree>> {
  const named = { ...query, name: query.applicationName ?? "" };
  const key = appKeyOf(findApplication(context, named, { caller, action: "get" }));
  const bell = createBell(signal);
  using listening = new DisposableStack();
  listening.use(context.onApplicationChange((change) => void (change.key === key && bell.ring())));
  const heard = new Set<OwnedObjects>();
  let last = "";
  while (!signal.aborted) {
    const app = findApplication(context, named, { caller, action: "get" });
    const tree = await readIfLed(context, app, signal);
    if (tree === undefined) {
      await pause(context.clock, awayMs, signal);
      continue;
    }
    for (const owned of tree.owned) {
      if (!heard.has(owned)) listening.use(owned.onChange(() => bell.ring()));
      heard.add(owned);
    }
    const shown = await presentTree(tree, { context, app, signal });
    const text = JSON.stringify(shown);
    if (text !== last) yield shown;
    last = text;
    await bell.rung();
    await pause(context.clock, gatherMs, signal);
  }
}

async function readIfLed(
  context: ApiContext,
  app: KubeObject,
  signal: AbortSignal,
): Promise<Tree | undefined> {
  try {
    return await readTree(context, app, signal);
  } catch (error) {
    if (isMooringError(error, "API_CLOSING") && !signal.aborted) return undefined;
    throw error;
  }
}

async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(ms, signal);
  } catch (error) {
    if (!isAbortError(error)) throw error;
  }
}
