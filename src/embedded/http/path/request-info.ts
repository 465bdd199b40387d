import { badRequest } from "../errors.ts";

/** What a request is about, as kube-apiserver reads it from method and path. */
export interface RequestInfo {
  /** The decoded path, without a slash at its end. */
  readonly path: string;
  /** The decoded segments of the path. */
  readonly segments: readonly string[];
  /** `get`, `list`, `watch`, `create`, …; the method in lower case for paths that are no resource's. */
  readonly verb: string;
  readonly isResource: boolean;
  readonly group: string;
  readonly version: string;
  /** For `/api/v1/namespaces/x` it is `x`, as authorisation has it. */
  readonly namespace: string;
  readonly resource: string;
  readonly subresource: string;
  /** Empty for a collection, unless a field selector names one object. */
  readonly name: string;
  /** Segments from the resource on. */
  readonly parts: readonly string[];
}

const namespaceSubresources = ["status", "finalize"];
const verbsByMethod = new Map([
  ["POST", "create"],
  ["GET", "get"],
  ["HEAD", "get"],
  ["PUT", "update"],
  ["PATCH", "patch"],
  ["DELETE", "delete"],
]);

/** Throws BadRequest for paths that could mean different things to different readers. */
export function readRequestInfo(method: string, path: string, query: URLSearchParams): RequestInfo {
  const segments = splitPath(path);
  const base = nonResource(method, segments);
  const [prefix, ...rest] = segments;
  if (prefix === "api" && rest.length >= 2) return resourceInfo(base, ["", ...rest], { method, query });
  if (prefix === "apis" && rest.length >= 3) return resourceInfo(base, rest, { method, query });
  return base;
}

function nonResource(method: string, segments: readonly string[]): RequestInfo {
  return {
    path: `/${segments.join("/")}`,
    segments,
    verb: method.toLowerCase(),
    isResource: false,
    group: "",
    version: "",
    namespace: "",
    resource: "",
    subresource: "",
    name: "",
    parts: [],
  };
}

function resourceInfo(
  base: RequestInfo,
  [group = "", version = "", ...rest]: readonly string[],
  { method, query }: { readonly method: string; readonly query: URLSearchParams },
): RequestInfo {
  const [first, namespace = "", third] = rest;
  const inNamespace = first === "namespaces" && namespace !== "";
  const isNested = inNamespace && third !== undefined && !namespaceSubresources.includes(third);
  const parts = isNested ? rest.slice(2) : rest;
  const [resource = "", name = "", subresource = ""] = parts;
  const verb = verbOf(method, name, query);
  return {
    ...base,
    verb,
    isResource: true,
    group,
    version,
    namespace: inNamespace ? namespace : "",
    resource,
    subresource,
    name: name === "" && (verb === "list" || verb === "watch") ? nameInSelector(query) : name,
    parts,
  };
}

function verbOf(method: string, name: string, query: URLSearchParams): string {
  const verb = verbsByMethod.get(method) ?? "";
  if (name !== "") return verb;
  if (verb === "get") return isTrue(query.get("watch")) ? "watch" : "list";
  return verb === "delete" ? "deletecollection" : verb;
}

/** A flag counts as set unless it is absent, `0` or `false`. */
export function isTrue(value: string | null): boolean {
  return value !== null && value !== "0" && value.toLowerCase() !== "false";
}

/** The one object that a field selector asks for: who may read it by name may also list or watch it so. */
function nameInSelector(query: URLSearchParams): string {
  for (const term of (query.get("fieldSelector") ?? "").split(",")) {
    const name = /^metadata\.name==?([^=!]+)$/.exec(term.trim())?.[1];
    if (name !== undefined && !/[/%]/.test(name) && name !== "." && name !== "..") return name;
  }
  return "";
}

function splitPath(path: string): readonly string[] {
  if (!path.startsWith("/")) throw badRequest("the request's path must begin with a slash");
  const trimmed = path.replace(/^\//, "").replace(/\/$/, "");
  return trimmed === "" ? [] : trimmed.split("/").map((segment) => decodeSegment(segment));
}

function decodeSegment(segment: string): string {
  const decoded = decode(segment);
  const isTrick = decoded === "." || decoded === ".." || hasForbidden(decoded);
  if (isTrick) throw badRequest(`invalid path segment ${JSON.stringify(decoded)}`);
  return decoded;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (error instanceof URIError) throw badRequest(`invalid URL escape in ${JSON.stringify(segment)}`);
    throw error;
  }
}

/** A slash that came encoded, another escape beneath the first, and control characters. */
function hasForbidden(segment: string): boolean {
  if (segment.includes("/") || segment.includes("\\") || segment.includes("%")) return true;
  for (let at = 0; at < segment.length; at += 1) {
    const code = segment.charCodeAt(at);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}
