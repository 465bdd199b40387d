import { ApiError } from "../api-error.ts";
import type { StoreListOptions, StoredObject } from "../storage/store.ts";
import { RevisionCompacted } from "../storage/store.ts";
import type { ListAnswer, ListRequest, Target } from "./api.ts";
import type { ClusterState } from "./cluster-state.ts";
import { inVersion, isNamed, parseRevision, selectorOf } from "./read.ts";

interface ContinueToken {
  readonly revision: number;
  readonly namespace: string;
  readonly name: string;
}

/** Lists a page. Pages of one list show the same revision; one that is no longer known is `Expired`. */
export function listObjects(state: ClusterState, target: Target, request: ListRequest): ListAnswer {
  const token = request.continue === "" ? undefined : parseToken(request.continue, state.store.revision);
  if (token !== undefined && !["", "0"].includes(request.resourceVersion)) {
    throw new ApiError("BadRequest", "specifying resource version is not allowed when using continue");
  }
  const revision = token?.revision ?? exactRevision(state, request);
  const { kind, namespace } = target;
  const options: StoreListOptions = {
    resource: kind.resource,
    ...(namespace === "" ? {} : { namespace }),
    ...(token === undefined ? {} : { after: token }),
    ...(revision === undefined || revision === state.store.revision ? {} : { revision }),
  };
  const isSelected = selectorOf(kind, request);
  const named = isNamed(request);
  const selects = request.labelSelector !== "" || request.fieldSelector !== "";
  const found = stored(state, options);
  const isMatching = ({ key, object }: StoredObject): boolean =>
    (named === undefined || key.name === named) && isSelected(object);
  const matching = selects ? found.filter(isMatching) : found;
  const at = revision ?? state.store.revision;
  return page(
    matching.map((each) => inVersion(kind, each)),
    { at, limit: request.limit, selects, last: found.at(-1) },
  );
}

interface Page {
  readonly at: number;
  readonly limit: number;
  /** The count of what remains is not told where it would have to be looked for. */
  readonly selects: boolean;
  /** The last of those that were looked at. */
  readonly last: StoredObject | undefined;
}

function page(items: readonly StoredObject[], { at, limit, selects, last: end }: Page): ListAnswer {
  const resourceVersion = String(at);
  const shown = limit > 0 ? items.slice(0, limit) : items;
  const last = shown.at(-1)?.key ?? { namespace: "", name: "" };
  // Whether what comes after a full page is selected is not looked at.
  if (limit <= 0 || shown.length < limit || isKey(last, end?.key)) return { items: shown, resourceVersion };
  return {
    items: shown,
    resourceVersion,
    continue: formatToken({ revision: at, namespace: last.namespace, name: last.name }),
    ...(selects ? {} : { remainingItemCount: items.length - limit }),
  };
}

function isKey(key: StoreName, other: StoreName | undefined): boolean {
  return key.namespace === other?.namespace && key.name === other.name;
}

interface StoreName {
  readonly namespace: string;
  readonly name: string;
}

function stored({ store }: ClusterState, options: StoreListOptions): readonly StoredObject[] {
  try {
    return store.list(options);
  } catch (error) {
    if (!(error instanceof RevisionCompacted)) throw error;
    const isPage = options.after !== undefined;
    throw new ApiError(
      "Expired",
      isPage
        ? "The provided continue parameter is too old to display a consistent list result. You must start a new list without the continue parameter."
        : `The resourceVersion for the provided list is too old.`,
    );
  }
}

/** Only `Exact` asks for the past; what is newer than the store is not there yet. */
function exactRevision({ store }: ClusterState, request: ListRequest): number | undefined {
  const asked = parseRevision(request.resourceVersion);
  if (request.resourceVersionMatch !== "" && request.resourceVersion === "") {
    throw invalidMatch("resourceVersionMatch is forbidden unless resourceVersion is provided");
  }
  if (asked === undefined) return undefined;
  if (asked > store.revision) throw tooLarge(asked, store.revision);
  return request.resourceVersionMatch === "Exact" ? asked : undefined;
}

function invalidMatch(why: string): ApiError {
  return new ApiError(
    "Invalid",
    `ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: ${why}`,
  );
}

function tooLarge(asked: number, current: number): ApiError {
  const message = `Too large resource version: ${asked}, current: ${current}`;
  return new ApiError("Timeout", message, {
    causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
    retryAfterSeconds: 1,
  });
}

function formatToken(token: ContinueToken): string {
  return Buffer.from(JSON.stringify(token)).toString("base64url");
}

function parseToken(text: string, newest: number): ContinueToken {
  try {
    const token = JSON.parse(Buffer.from(text, "base64url").toString()) as Partial<ContinueToken> | null;
    const { revision, namespace, name } = token ?? {};
    const isRevision = Number.isSafeInteger(revision) && Number(revision) > 0 && Number(revision) <= newest;
    if (isRevision && typeof namespace === "string" && typeof name === "string") {
      return { revision: Number(revision), namespace, name };
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new ApiError("BadRequest", "continue key is not valid: it is none that a list of this server gave");
}
