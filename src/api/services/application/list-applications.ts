import type { KubeObject } from "#core/object/index.ts";
import type { ApiCall } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import type { ApplicationCounts, ApplicationList } from "../../contract/gen/argocd/types_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";
import type { ListCondition, ListField } from "./list-fields.ts";
import { listConditions, listFieldNames, listFields } from "./list-fields.ts";
import { formatContinue, parseContinue, parseLimit } from "./list-pages.ts";
import { presentApplication } from "./present-application.ts";
import { visibleTo } from "./read-applications.ts";
import type { Query } from "./select-applications.ts";
import { queryMatcher } from "./select-applications.ts";
import type { ListOrder } from "./sort-applications.ts";
import { parseListOrder } from "./sort-applications.ts";

/**
 * Applications that match and that the caller may see, by name unless told otherwise; with a limit a page of them, whose `continue` leads to the
 * next one. Throws API_INVALID_ARGUMENT for a query that cannot be read.
 */
export async function list(
  context: ApiContext,
  query: Query,
  { caller }: ApiCall,
): Promise<ShapeOf<ApplicationList>> {
  const matches = queryMatcher({ ...query, projects: [], project: [] });
  const narrowed = narrow(query);
  const order = parseListOrder(query.sort ?? "");
  const from = parseContinue(query.continue ?? "", order.sort);
  const limit = parseLimit(query.limit);
  const isVisible = visibleTo(caller, context);
  // Also when there is none to ask about, an empty answer says nothing to anybody.
  caller.needsNoPermission();
  const found: KubeObject[] = [];
  for (const app of context.hub.applications.values()) {
    const missing = matches(app) ? narrowed.missing(app) : undefined;
    if (missing === undefined || !isVisible(app)) continue;
    narrowed.count(app, missing);
    if (missing.length === 0) found.push(app);
  }
  const places = inOrder(found, order).filter(
    ({ place }) => from === undefined || order.compare(place, from) > 0,
  );
  const page = limit === undefined ? places : places.slice(0, limit);
  const last = page.at(-1)?.place;
  const remainingItemCount = places.length - page.length;
  await Promise.resolve();
  return {
    metadata: {
      resourceVersion: newestVersion(found),
      ...(remainingItemCount === 0 || last === undefined
        ? {}
        : { continue: formatContinue({ sort: order.sort, ...last }), remainingItemCount }),
    },
    items: page.map(({ app }) => presentApplication(app)),
    ...(query.counts === true ? { counts: narrowed.counts() } : {}),
  };
}

interface Narrowing {
  /** The only condition that does not hold, or none; undefined for an Application that is neither listed nor counted. */
  readonly missing: (app: KubeObject) => readonly ListCondition[] | undefined;
  readonly count: (app: KubeObject, missing: readonly ListCondition[]) => void;
  readonly counts: () => ShapeOf<ApplicationCounts>;
}

function narrow(query: Query): Narrowing {
  const conditions = listConditions(query);
  const most = query.counts === true ? 1 : 0;
  const counts = new Map(listFieldNames.map((field) => [field, new Map<string, number>()]));
  let total = 0;
  return {
    missing: (app) => {
      const missing: ListCondition[] = [];
      for (const condition of conditions) {
        if (!condition.holds(app)) missing.push(condition);
        if (missing.length > most) return undefined;
      }
      return missing;
    },
    count: (app, [missing]) => {
      if (missing === undefined) total += 1;
      // What is asked of a field narrows the counts of the others only.
      const counted =
        missing === undefined ? listFieldNames : listFieldNames.filter((one) => one === missing.field);
      for (const field of counted) {
        const value = listFields[field](app);
        const byValue = counts.get(field);
        byValue?.set(value, (byValue.get(value) ?? 0) + 1);
      }
    },
    counts: () => {
      const told = [...counts].map(([field, byValue]) => [field, Object.fromEntries(byValue)]);
      return { total, ...(Object.fromEntries(told) as Record<ListField, Record<string, number>>) };
    },
  };
}

function inOrder(found: readonly KubeObject[], { placeOf, compare }: ListOrder) {
  return found.map((app) => ({ app, place: placeOf(app) })).toSorted((a, b) => compare(a.place, b.place));
}

/** The newest version among objects; clients begin a watch with it. */
function newestVersion(apps: readonly KubeObject[]): string {
  let newest = 0n;
  for (const { metadata } of apps) {
    const { resourceVersion = "" } = metadata;
    if (/^\d+$/u.test(resourceVersion) && BigInt(resourceVersion) > newest) newest = BigInt(resourceVersion);
  }
  return newest === 0n ? "" : String(newest);
}
