import type { KubeObject } from "#core/object/index.ts";
import { annotationKey } from "./annotations.ts";
import { readAnnotationList } from "./read-annotation.ts";

interface CompareOptions {
  /** The object does not make its Application OutOfSync when it is not in Git. */
  readonly ignoreExtraneous: boolean;
  /** Undefined when the object does not say. */
  readonly serverSideDiff?: boolean;
  readonly includeMutationWebhook: boolean;
  /** Entries that are not compare options, as written. */
  readonly unknown: readonly string[];
}

/** The argocd.argoproj.io/compare-options of an object or an Application. */
export function viewCompareOptions(object: KubeObject): CompareOptions {
  const known = new Set<string>();
  const unknown: string[] = [];
  for (const entry of readAnnotationList(object, annotationKey.compareOptions)) {
    if (entries.has(entry)) known.add(entry);
    else unknown.push(entry);
  }
  const serverSideDiff = known.has("ServerSideDiff=false")
    ? false
    : known.has("ServerSideDiff=true") || undefined;
  return {
    ignoreExtraneous: known.has("IgnoreExtraneous"),
    ...(serverSideDiff === undefined ? {} : { serverSideDiff }),
    includeMutationWebhook: known.has("IncludeMutationWebhook=true"),
    unknown,
  };
}

const entries: ReadonlySet<string> = new Set([
  "IgnoreExtraneous",
  "ServerSideDiff=true",
  "ServerSideDiff=false",
  "IncludeMutationWebhook=true",
  "IncludeMutationWebhook=false",
]);
