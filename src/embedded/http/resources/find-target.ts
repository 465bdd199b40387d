import { ApiError } from "../../api-error.ts";
import type { KindCatalog, ServedKind } from "../../kinds/served-kind.ts";
import type { Target } from "../../verbs/api.ts";
import { subresourcesOf } from "../discovery/subresources.ts";
import { methodNotAllowed, unknownPath } from "../errors.ts";
import type { RequestInfo } from "../path/request-info.ts";

/** Streams into what runs somewhere, and so to nowhere here. */
const connecting = ["exec", "attach", "portforward", "proxy"];

/** Throws NotFound where nothing is served, and MethodNotAllowed where nothing of the kind can be done. */
export function findTarget(catalog: KindCatalog, info: RequestInfo): Target {
  const { group, version, resource, parts, subresource } = info;
  const [, name = ""] = parts;
  const kind = catalog.find(group, version, resource);
  if (kind === undefined || parts.length > 3 || !fitsScope(kind, info, name)) throw unknownPath();
  requireVerb(kind, info, name);
  return { kind, namespace: kind.namespaced ? info.namespace : "", name, subresource };
}

function fitsScope(kind: ServedKind, info: RequestInfo, name: string): boolean {
  const isNested = info.namespace !== "" && info.resource !== "namespaces";
  return kind.namespaced ? isNested || name === "" : !isNested;
}

function requireVerb(kind: ServedKind, info: RequestInfo, name: string): void {
  const { resource, subresource, verb, namespace } = info;
  if (subresource !== "") {
    const found = subresourcesOf(kind).find((other) => other.name === subresource);
    if (found === undefined) throw unknownPath();
    if (connecting.includes(subresource)) {
      throw new ApiError("MethodNotAllowed", `${resource}/${subresource} is not served by this cluster`);
    }
    if (!found.verbs.includes(verb)) throw methodNotAllowed();
    return;
  }
  const isEverywhere = kind.namespaced && namespace === "" && verb !== "list" && verb !== "watch";
  const isMisplaced = name === "" ? verb === "update" || verb === "patch" : verb === "create";
  if (!kind.verbs.includes(verb) || isEverywhere || isMisplaced) throw methodNotAllowed();
}
