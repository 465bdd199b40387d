import type { JsonObject } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewString } from "#core/object/index.ts";

/** Endpoints in one EndpointSlice at most. */
const maxEndpoints = 100;

interface SlicePlan {
  /** What each of the slices that are there is to hold; empty for one that is not needed. */
  readonly kept: readonly (readonly JsonObject[])[];
  readonly added: readonly (readonly JsonObject[])[];
}

/** Distributes endpoints so that what is in a slice stays there: few slices change with each pod. */
export function planSlices(
  slices: readonly (readonly JsonObject[])[],
  endpoints: readonly JsonObject[],
): SlicePlan {
  const left = new Map(endpoints.map((endpoint) => [idOf(endpoint), endpoint]));
  const kept = slices.map((slice) => {
    const found = slice.map((old) => left.get(idOf(old))).filter((each) => each !== undefined);
    for (const each of found) left.delete(idOf(each));
    return found;
  });
  const rest = [...left.values()];
  const filled = kept.map((slice) =>
    slice.length === 0 ? slice : [...slice, ...rest.splice(0, maxEndpoints - slice.length)],
  );
  const reused = filled.map((slice) => (slice.length === 0 ? rest.splice(0, maxEndpoints) : slice));
  const added: (readonly JsonObject[])[] = [];
  while (rest.length > 0) added.push(rest.splice(0, maxEndpoints));
  return { kept: reused, added };
}

function idOf(endpoint: JsonObject): string {
  return viewString(endpoint, "targetRef", "uid") ?? "";
}

export function endpointsIn(slice: JsonObject): readonly JsonObject[] {
  return viewArray(slice, "endpoints").filter(isJsonObject);
}
