import { MooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import { listFields } from "./list-fields.ts";

/** Where an Application stands in a list: by the value first, then by its name. */
export interface ListPlace {
  readonly value: string;
  readonly name: string;
}

export interface ListOrder {
  readonly sort: string;
  readonly placeOf: (app: KubeObject) => ListPlace;
  readonly compare: (a: ListPlace, b: ListPlace) => number;
}

/** The worst come first. */
const syncOrder = ["OutOfSync", "Unknown", "Synced"];
const healthOrder = ["Degraded", "Missing", "Unknown", "Progressing", "Suspended", "Healthy"];

const values: Readonly<Record<string, (app: KubeObject) => string>> = {
  name: () => "",
  project: listFields.project,
  cluster: listFields.cluster,
  namespace: listFields.namespace,
  syncStatus: (app) => placeIn(syncOrder, listFields.syncStatus(app)),
  healthStatus: (app) => placeIn(healthOrder, listFields.healthStatus(app)),
  createdAt: (app) => app.metadata.creationTimestamp ?? "",
  syncedAt: (app) => viewString(app, "status", "operationState", "finishedAt") ?? "",
};

/** How a list is sorted: `name`, or `-name` for the other way round. Throws API_INVALID_ARGUMENT for what is no field. */
export function parseListOrder(sort: string): ListOrder {
  const isDescending = sort.startsWith("-");
  const field = isDescending ? sort.slice(1) : sort;
  const valueOf = field === "" && !isDescending ? values["name"] : ownValue(field);
  if (valueOf === undefined) {
    throw new MooringError(
      "API_INVALID_ARGUMENT",
      `sort: is none of ${Object.keys(values).join(", ")}, with or without a minus before it; correct it`,
    );
  }
  const direction = isDescending ? -1 : 1;
  return {
    sort,
    placeOf: (app) => ({
      value: valueOf(app),
      name: `${app.metadata.name ?? ""}/${app.metadata.namespace ?? ""}`,
    }),
    compare: (a, b) => direction * (order(a.value, b.value) || order(a.name, b.name)),
  };
}

function ownValue(field: string): ((app: KubeObject) => string) | undefined {
  return Object.hasOwn(values, field) ? values[field] : undefined;
}

function placeIn(statuses: readonly string[], status: string): string {
  const at = statuses.indexOf(status);
  return String(at === -1 ? statuses.length : at);
}

function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
