import type { JsonObject } from "#core/object/index.ts";
import { isJsonObject } from "#core/object/index.ts";
import type { HttpRequest } from "#kube/index.ts";

/** A write to one object, as its request says. */
export interface ObjectWrite {
  readonly verb: "apply" | "patch" | "create" | "replace" | "delete";
  /** Where such objects are kept in a cluster's store. */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
  readonly body: JsonObject;
}

/** Names an object of any cluster. */
export function placeOf(
  server: string,
  { resource, namespace, name }: Pick<ObjectWrite, "resource" | "namespace" | "name">,
): string {
  return `${server} ${resource} ${namespace}/${name}`;
}

const form =
  /^\/(?:api|apis\/(?<group>[^/]+))\/v[^/]+\/(?:namespaces\/(?<namespace>[^/]+)\/)?(?<plural>[^/?]+)(?:\/(?<name>[^/?]+))?(?:\/(?<subresource>[^/?]+))?(?:\?(?<query>.*))?$/;

/** Undefined for what only reads, and for dry runs. */
export function readWrite({ method, path, headers, body }: HttpRequest): ObjectWrite | undefined {
  if (method === "GET") return undefined;
  const parts = form.exec(path)?.groups;
  const { group = "", namespace = "", plural = "", name = "", subresource = "", query = "" } = parts ?? {};
  if (parts === undefined || new URLSearchParams(query).has("dryRun")) return undefined;
  const sent = body === undefined ? {} : (JSON.parse(Buffer.from(body).toString("utf8")) as unknown);
  const content = isJsonObject(sent) ? sent : {};
  const isApply = String(headers["content-type"]).startsWith("application/apply-patch");
  const verbs = {
    POST: "create",
    PUT: "replace",
    PATCH: isApply ? "apply" : "patch",
    DELETE: "delete",
  } as const;
  const verb = verbs[method as keyof typeof verbs];
  const named = name === "" ? nameIn(content) : decodeURIComponent(name);
  return { verb, resource: `${group}/${plural}`, namespace, name: named, subresource, body: content };
}

function nameIn({ metadata }: JsonObject): string {
  return isJsonObject(metadata) && typeof metadata["name"] === "string" ? metadata["name"] : "";
}
