import { isAbortError, messageOf } from "#core/errors/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import type { Discovery, ResourceType } from "#ports/cluster.ts";
import { mapLimit } from "#runtime/limit.ts";
import type { KubeClient } from "../http/client.ts";
import { type Discovered, parseAggregated, parseGroupList, parseResourceList } from "./parse.ts";

/** One of the two discovery roots as last read. */
export interface RootDocument {
  readonly etag: string | undefined;
  readonly discovered: Discovered;
}

const aggregatedType = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
const accept = `${aggregatedType},application/json`;
const maxBytes = 64 * 1024 * 1024;
const legacyConcurrency = 8;

/** Reads `/api` or `/apis`; the earlier document stands when the server says that it still holds. */
export async function readRoot(
  client: KubeClient,
  root: "/api" | "/apis",
  options: { readonly earlier: RootDocument | undefined; readonly signal: AbortSignal },
): Promise<RootDocument> {
  const { earlier, signal } = options;
  const answer = await client.json(
    {
      method: "GET",
      path: root,
      accept,
      maxBytes,
      subject: { text: "discovery", secret: false },
      repeatable: true,
      compressed: true,
      ...(earlier?.etag === undefined ? {} : { headers: { "if-none-match": earlier.etag } }),
    },
    signal,
  );
  if (answer.status === 304 && earlier !== undefined) return earlier;
  const discovered =
    viewString(answer.value, "kind") === "APIGroupDiscoveryList"
      ? parseAggregated(answer.value)
      : await readLegacy(client, groupVersionsOf(root, answer.value), signal);
  return { etag: answer.headers.etag, discovered };
}

function groupVersionsOf(root: "/api" | "/apis", document: JsonValue | undefined): readonly string[] {
  return root === "/api" ? ["/api/v1"] : parseGroupList(document).map((name) => `/apis/${name}`);
}

async function readLegacy(
  client: KubeClient,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<Discovered> {
  const failed = new Map<string, string>();
  const lists = await mapLimit(paths, legacyConcurrency, async (path) => {
    const subject = { text: `discovery of ${path}`, secret: false };
    try {
      const answer = await client.json({ method: "GET", path, maxBytes, subject, repeatable: true }, signal);
      return parseResourceList(answer.value);
    } catch (error) {
      if (isAbortError(error)) throw error;
      failed.set(path.replace(/^\/apis?\//, ""), messageOf(error));
      return [];
    }
  });
  return { types: lists.flat(), failed };
}

/** A Discovery over what the roots say. */
export function viewDiscovery(parts: readonly Discovered[]): Discovery {
  const types = parts.flatMap((part) => part.types);
  const byKind = Map.groupBy(types, (type) => `${type.group}/${type.kind}`);
  const typeOf = (group: string, kind: string, version?: string): ResourceType | undefined => {
    const served = byKind.get(`${group}/${kind}`);
    return served?.find((type) => type.version === version) ?? served?.[0];
  };
  return { types, typeOf, failed: new Map(parts.flatMap((part) => [...part.failed])) };
}
