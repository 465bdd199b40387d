import type { JsonObject, KubeObject } from "#core/object/index.ts";
import type { ResourceType } from "#ports/cluster.ts";

/** An object of a server's answer with what servers leave out of it because it goes without saying. */
export function asObject({ group, version, kind }: ResourceType, shape: unknown): KubeObject {
  const apiVersion = group === "" ? version : `${group}/${version}`;
  return { apiVersion, kind, ...(shape as JsonObject) } as unknown as KubeObject;
}
