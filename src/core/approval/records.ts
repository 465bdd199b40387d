import type { JsonObject, JsonValue, ObjectKey } from "#core/object/index.ts";
import { isJsonArray, isJsonObject, viewString } from "#core/object/index.ts";
import type { PlanEntry, PlanHash, PlanRecord, PlanScope } from "#core/sync/index.ts";
import { digestOf } from "#core/sync/index.ts";

/** A plan that waits for approval, as the Application says it. */
export interface WaitingPlan {
  readonly digest: string;
  /** RFC 3339. */
  readonly since: string;
  /** What would be done, for people: `2 to apply, 1 to prune`. */
  readonly summary: string;
  /** Undefined where it is too large to be kept. */
  readonly plan: PlanRecord | undefined;
}

/** Somebody's approval of a plan, as the Application says it. Times are RFC 3339. */
export interface PlanApproval {
  readonly digest: string;
  readonly by: string;
  readonly at: string;
  readonly expires: string;
  /** When the operation began that uses it; it serves no other one. */
  readonly usedAt?: string | undefined;
  readonly plan: PlanRecord | undefined;
}

/** An Application has to hold a few of these beside everything else, and all of its annotations 256 KiB. */
const maxRecordBytes = 56 * 1024;
/** Checked before anything is parsed. */
const maxTextLength = 80 * 1024;

/** As the text of an annotation; a plan that is too large is left out. */
export function formatWaitingPlan(waiting: WaitingPlan): string {
  const { digest, since, summary, plan } = waiting;
  return JSON.stringify({ digest, since, summary, ...planField(plan) });
}

/** As the text of an annotation; a plan that is too large is left out. */
export function formatApproval({ digest, by, at, expires, usedAt, plan }: PlanApproval): string {
  return JSON.stringify({
    digest,
    by,
    at,
    expires,
    ...(usedAt === undefined ? {} : { usedAt }),
    ...planField(plan),
  });
}

function planField(plan: PlanRecord | undefined): JsonObject {
  if (plan === undefined) return {};
  const entries = plan.entries.map(({ at, verb, key, does, sees }) => [at, verb, key, does, sees]);
  const packed: JsonObject = { scope: { ...plan.scope }, entries };
  return JSON.stringify(packed).length > maxRecordBytes ? {} : { plan: packed };
}

/** As everything in an Application is written; such texts are in the order of time. */
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/u;

/** Undefined for a text that is none; a plan that does not have the digest is left out. */
export function parseWaitingPlan(
  text: string | undefined,
  digest: PlanHash["digest"],
): WaitingPlan | undefined {
  const read = parseObject(text);
  const [said, since, summary] = ["digest", "since", "summary"].map((field) => viewString(read, field));
  if (said === undefined || since === undefined || summary === undefined) return undefined;
  return { digest: said, since, summary, plan: parsePlan(read, said, digest) };
}

/** Undefined for a text that is none: nobody has approved anything then. A plan that does not have the digest is left out. */
export function parseApproval(
  text: string | undefined,
  digest: PlanHash["digest"],
): PlanApproval | undefined {
  const read = parseObject(text);
  const [said, by, at, expires] = ["digest", "by", "at", "expires"].map((field) => viewString(read, field));
  if (said === undefined || by === undefined || at === undefined || expires === undefined) return undefined;
  if (!time.test(at) || !time.test(expires)) return undefined;
  const plan = parsePlan(read, said, digest);
  return { digest: said, by, at, expires, usedAt: viewString(read, "usedAt"), plan };
}

function parseObject(text = ""): JsonObject | undefined {
  if (text === "" || text.length > maxTextLength) return undefined;
  try {
    const value = JSON.parse(text) as unknown;
    return isJsonObject(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function parsePlan(
  read: JsonObject | undefined,
  said: string,
  digest: PlanHash["digest"],
): PlanRecord | undefined {
  const plan = read?.["plan"];
  if (!isJsonObject(plan) || !isJsonObject(plan["scope"]) || !isJsonArray(plan["entries"])) return undefined;
  const entries = plan["entries"].map((entry) => entryOf(entry));
  const content = { scope: plan["scope"] as unknown as PlanScope, entries };
  return digestOf(content, digest) === said ? { digest: said, ...content } : undefined;
}

function entryOf(entry: JsonValue): PlanEntry {
  const [at = "", verb = "", key = "", does = "", sees = ""] = isJsonArray(entry) ? entry.map(String) : [];
  return { at, verb: verb as PlanEntry["verb"], key: key as ObjectKey, does, sees };
}
