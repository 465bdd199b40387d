import type { ListRequest, Selectors, WatchRequest } from "../../verbs/api.ts";
import { invalidOptions, type OptionProblem } from "../errors.ts";
import { readFlag, readInteger } from "./read-parameters.ts";

export interface WatchOptions extends Omit<WatchRequest, "onEvents"> {
  /** Undefined where the server decides. */
  readonly timeoutSeconds: number | undefined;
}

function readSelectors(query: URLSearchParams): Selectors {
  return {
    labelSelector: query.get("labelSelector") ?? "",
    fieldSelector: query.get("fieldSelector") ?? "",
  };
}

/** Throws BadRequest and Invalid. */
export function readListOptions(query: URLSearchParams): ListRequest {
  const token = query.get("continue") ?? "";
  const resourceVersion = query.get("resourceVersion") ?? "";
  const match = query.get("resourceVersionMatch") ?? "";
  const problems = listProblems({ match, resourceVersion, token });
  if (query.get("sendInitialEvents") !== null) {
    problems.push(forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"));
  }
  if (problems.length > 0) throw invalidOptions("ListOptions", problems);
  return {
    ...readSelectors(query),
    limit: Math.max(0, readInteger(query, "limit") ?? 0),
    continue: token,
    resourceVersion,
    resourceVersionMatch: match === "Exact" || match === "NotOlderThan" ? match : "",
  };
}

interface Position {
  readonly match: string;
  readonly resourceVersion: string;
  readonly token: string;
}

function listProblems({ match, resourceVersion, token }: Position): OptionProblem[] {
  if (match === "") return [];
  const problems: OptionProblem[] = [];
  const field = "resourceVersionMatch";
  if (resourceVersion === "") {
    problems.push(forbidden(field, "resourceVersionMatch is forbidden unless resourceVersion is provided"));
  }
  if (token !== "")
    problems.push(forbidden(field, "resourceVersionMatch is forbidden when continue is provided"));
  if (match !== "Exact" && match !== "NotOlderThan") {
    problems.push(notSupported(field, match, ["Exact", "NotOlderThan", ""]));
  }
  if (match === "Exact" && resourceVersion === "0") {
    problems.push(forbidden(field, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
  }
  return problems;
}

/** Throws BadRequest and Invalid. */
export function readWatchOptions(query: URLSearchParams): WatchOptions {
  const match = query.get("resourceVersionMatch") ?? "";
  const sendInitialEvents = readFlag(query, "sendInitialEvents");
  const problems = watchProblems(match, sendInitialEvents);
  if (problems.length > 0) throw invalidOptions("ListOptions", problems);
  const timeoutSeconds = readInteger(query, "timeoutSeconds");
  return {
    ...readSelectors(query),
    resourceVersion: query.get("resourceVersion") ?? "",
    allowBookmarks: readFlag(query, "allowWatchBookmarks") ?? false,
    sendInitialEvents: sendInitialEvents ?? false,
    timeoutSeconds: timeoutSeconds === undefined || timeoutSeconds <= 0 ? undefined : timeoutSeconds,
  };
}

function watchProblems(match: string, sendInitialEvents: boolean | undefined): readonly OptionProblem[] {
  const problems: OptionProblem[] = [];
  const field = "resourceVersionMatch";
  if (sendInitialEvents !== undefined && match !== "NotOlderThan") {
    problems.push(
      forbidden(field, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"),
    );
  }
  if (match === "") return problems;
  if (sendInitialEvents === undefined) {
    problems.push(
      forbidden(field, "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"),
    );
  }
  if (match !== "NotOlderThan") problems.push(notSupported(field, match, ["NotOlderThan"]));
  return problems;
}

function forbidden(field: string, why: string): OptionProblem {
  return { field, reason: "FieldValueForbidden", message: `Forbidden: ${why}` };
}

export function notSupported(field: string, value: unknown, supported: readonly string[]): OptionProblem {
  const list = supported.map((text) => JSON.stringify(text)).join(", ");
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${list}`;
  return { field, reason: "FieldValueNotSupported", message };
}
