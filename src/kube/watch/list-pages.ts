import { isMooringError, MooringError } from "#core/errors/index.ts";
import {
  formatApiVersion,
  isJsonObject,
  type JsonValue,
  type KubeObject,
  viewArray,
  viewString,
} from "#core/object/index.ts";
import type { ListOptions, ResourceType } from "#ports/cluster.ts";
import { collectionPath, kindSubjectOf, withQuery } from "../cluster/paths.ts";
import type { KubeClient } from "../http/client.ts";

export interface ListPage {
  readonly objects: readonly KubeObject[];
  /** True for the first page, also of a list that had to start again: what came before is void. */
  readonly first: boolean;
  readonly resourceVersion: string;
}

const pageLimit = 500;
const maxPageBytes = 64 * 1024 * 1024;
const timeoutMs = 120_000;
const maxRestarts = 5;

/**
 * A kind's objects page by page, from the server's present. A list whose pages expired on the way starts again;
 * pages too large for memory are asked for in smaller pieces. Sources: Kubernetes API concepts, "Retrieving large
 * results sets in chunks".
 */
export async function* listPages(
  client: KubeClient,
  type: ResourceType,
  options: ListOptions,
): AsyncGenerator<ListPage> {
  let continueToken: string | undefined;
  let limit = pageLimit;
  let restarts = 0;
  do {
    const page = await readPage(client, { type, options, continueToken, limit });
    if (page === "expired") {
      restarts += 1;
      if (restarts > maxRestarts) {
        throw new MooringError("KUBE_GONE", `${kindSubjectOf(type).text}: the list expired again and again`);
      }
      continueToken = undefined;
    } else if (page === "too large") {
      limit = Math.ceil(limit / 8);
    } else {
      const first = continueToken === undefined;
      continueToken = page.continueToken === "" ? undefined : page.continueToken;
      yield { first, objects: page.objects, resourceVersion: page.resourceVersion };
      if (continueToken === undefined) return;
    }
  } while (true);
}

interface PageRequest {
  readonly type: ResourceType;
  readonly options: ListOptions;
  readonly continueToken: string | undefined;
  readonly limit: number;
}

interface Page {
  readonly objects: readonly KubeObject[];
  readonly resourceVersion: string;
  readonly continueToken: string;
}

async function readPage(client: KubeClient, request: PageRequest): Promise<Page | "expired" | "too large"> {
  const { type, options, continueToken, limit } = request;
  const path = withQuery(collectionPath(type, options.namespace ?? ""), {
    limit,
    continue: continueToken,
    labelSelector: options.labelSelector,
    fieldSelector: options.fieldSelector,
  });
  try {
    const { value } = await client.json(
      {
        method: "GET",
        path,
        accept: acceptOf("PartialObjectMetadataList", options),
        subject: kindSubjectOf(type),
        maxBytes: maxPageBytes,
        timeoutMs,
        repeatable: true,
        compressed: true,
      },
      options.signal,
    );
    return {
      objects: viewArray(value, "items").flatMap((item) => stamped(type, item) ?? []),
      resourceVersion: viewString(value, "metadata", "resourceVersion") ?? "",
      continueToken: viewString(value, "metadata", "continue") ?? "",
    };
  } catch (error) {
    if (continueToken !== undefined && isMooringError(error, "KUBE_GONE")) return "expired";
    if (limit > 1 && isMooringError(error, "KUBE_TOO_LARGE")) return "too large";
    throw error;
  }
}

export function acceptOf(
  kind: "PartialObjectMetadata" | "PartialObjectMetadataList",
  options: ListOptions,
): string {
  return options.metadataOnly === true
    ? `application/json;as=${kind};g=meta.k8s.io;v=v1,application/json`
    : "application/json";
}

/** The object under its own kind: list items come without one, and metadata-only ones as PartialObjectMetadata. */
export function stamped(type: ResourceType, item: JsonValue | undefined): KubeObject | undefined {
  if (!isJsonObject(item) || !isJsonObject(item["metadata"])) return undefined;
  const apiVersion = formatApiVersion(type.group, type.version);
  if (item["kind"] === type.kind && item["apiVersion"] === apiVersion) return item as KubeObject;
  const { apiVersion: _apiVersion, kind: _kind, ...rest } = item;
  return { apiVersion, kind: type.kind, ...rest } as KubeObject;
}
