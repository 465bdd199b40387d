import type { DescMethod } from "@bufbuild/protobuf";
import { routesOf, services } from "../contract/methods.ts";

/** A method that a path and verb lead to. */
export interface RestTarget {
  readonly method: DescMethod;
  readonly body: string;
  /** Names of the fields in braces, in order. */
  readonly fields: readonly string[];
}

interface Node {
  readonly literals: Map<string, Node>;
  segment?: Node;
  rest?: Node;
  readonly targets: Map<string, RestTarget>;
}

/** What a path stands for, whatever the verb. */
interface RestMatch {
  readonly targets: ReadonlyMap<string, RestTarget>;
  readonly values: readonly string[];
}

const restSuffix = "=**}";

/** Finds the methods of a path. Literal segments win over fields; undefined when no method has the path. */
export interface RouteTree {
  readonly find: (path: string) => RestMatch | undefined;
}

/** Where several methods share a path and verb, the one that is named last in its service answers, which does the same. */
export function createRouteTree(): RouteTree {
  const root = newNode();
  for (const service of Object.values(services)) {
    for (const method of service.methods) {
      for (const { verb, path, body } of routesOf(method)) {
        const { node, fields } = grow(root, path);
        node.targets.set(verb, { method, body, fields });
      }
    }
  }
  return {
    find: (path) => {
      const segments = split(path);
      return segments === undefined ? undefined : walk(root, segments, []);
    },
  };
}

function newNode(): Node {
  return { literals: new Map(), targets: new Map() };
}

function grow(root: Node, path: string): { readonly node: Node; readonly fields: readonly string[] } {
  const fields: string[] = [];
  let node = root;
  for (const segment of path.split("/").slice(1)) {
    if (!segment.startsWith("{")) {
      const next = node.literals.get(segment) ?? newNode();
      node.literals.set(segment, next);
      node = next;
    } else if (segment.endsWith(restSuffix)) {
      fields.push(segment.slice(1, -restSuffix.length));
      node = node.rest ??= newNode();
    } else {
      fields.push(segment.slice(1, -1));
      node = node.segment ??= newNode();
    }
  }
  return { node, fields };
}

/** The decoded segments; undefined for a path that is not percent-encoded as it should be. */
function split(path: string): readonly string[] | undefined {
  try {
    return path.split("/").slice(1).map(decodeURIComponent);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

function walk(
  node: Node,
  [head, ...tail]: readonly string[],
  values: readonly string[],
): RestMatch | undefined {
  if (head === undefined) {
    if (node.targets.size > 0) return { targets: node.targets, values };
    return node.rest === undefined ? undefined : { targets: node.rest.targets, values: [...values, ""] };
  }
  const literal = node.literals.get(head);
  const found = literal === undefined ? undefined : walk(literal, tail, values);
  if (found !== undefined) return found;
  const inField =
    node.segment === undefined || head === "" ? undefined : walk(node.segment, tail, [...values, head]);
  if (inField !== undefined) return inField;
  if (node.rest === undefined) return undefined;
  return { targets: node.rest.targets, values: [...values, [head, ...tail].join("/")] };
}
