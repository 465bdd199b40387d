import type { JsonObject } from "#core/object/index.ts";

/** How a method is asked, and what the stranger gets. */
export interface Example {
  readonly request: JsonObject;
  /** The same with the name of something that is not there; undefined for methods that name nothing. */
  readonly missing?: JsonObject;
  /** True for methods that answer everybody who is logged in, with no more than they may see. */
  readonly isForAll?: true;
}

export const forAll: Example = { request: {}, isForAll: true };

export type Examples = Readonly<Record<string, Example>>;

export function under(service: string, examples: Examples): Examples {
  return Object.fromEntries(Object.entries(examples).map(([name, one]) => [`${service}/${name}`, one]));
}

/** An example that names something, and one that names nothing that is there. */
export function naming(request: JsonObject, missing: JsonObject): Example {
  return { request, missing: { ...request, ...missing } };
}
