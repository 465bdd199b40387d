import type { PatchKind, User, WriteOptions } from "../../verbs/api.ts";
import { invalidOptions, type OptionProblem } from "../errors.ts";
import { type Exchange, headerOf } from "../exchange.ts";
import { notSupported } from "./list-options.ts";

type OptionsKind = "CreateOptions" | "UpdateOptions" | "PatchOptions";

const maxManagerBytes = 128;

export interface WriteRequest {
  readonly kind: OptionsKind;
  readonly user: User;
  /** Only for patches. */
  readonly patch?: PatchKind;
}

/** Throws Invalid. */
export function readWriteOptions(exchange: Exchange, { kind, user, patch }: WriteRequest): WriteOptions {
  const { query, warnings } = exchange;
  const fieldManager = query.get("fieldManager") ?? "";
  const dryRun = query.getAll("dryRun");
  const fieldValidation = query.get("fieldValidation") ?? "";
  const problems = [
    ...patchProblems(query, patch),
    ...managerProblems(fieldManager),
    ...dryRunProblems(dryRun),
    ...validationProblems(fieldValidation),
  ];
  if (problems.length > 0) throw invalidOptions(kind, problems);
  return {
    user,
    fieldManager: fieldManager === "" ? managerOf(headerOf(exchange, "user-agent")) : fieldManager,
    dryRun: dryRun.length > 0,
    fieldValidation: isDirective(fieldValidation) ? fieldValidation : "Warn",
    warn: (message) => warnings.push(message),
  };
}

function patchProblems(query: URLSearchParams, patch: PatchKind | undefined): readonly OptionProblem[] {
  if (patch === undefined) return [];
  if (patch === "apply") {
    if ((query.get("fieldManager") ?? "") !== "") return [];
    const message = "Required value: is required for apply patch";
    return [{ field: "fieldManager", reason: "FieldValueRequired", message }];
  }
  if (query.get("force") === null) return [];
  const message = "Forbidden: may not be specified for non-apply patch";
  return [{ field: "force", reason: "FieldValueForbidden", message }];
}

function managerProblems(manager: string): readonly OptionProblem[] {
  const problems: OptionProblem[] = [];
  if (Buffer.byteLength(manager) > maxManagerBytes) {
    const message = `Too long: may not be more than ${maxManagerBytes} bytes`;
    problems.push({ field: "fieldManager", reason: "FieldValueTooLong", message });
  }
  const at = Array.from(manager).findIndex((character) => !isPrintable(character));
  if (at >= 0) {
    const message = `Invalid value: ${JSON.stringify(manager)}: invalid character (at position ${at})`;
    problems.push({ field: "fieldManager", reason: "FieldValueInvalid", message });
  }
  return problems;
}

/** `All` is the only kind of dry run. */
export function dryRunProblems(values: readonly string[]): readonly OptionProblem[] {
  return values.every((value) => value === "All") ? [] : [notSupported("dryRun", values, ["All"])];
}

function validationProblems(value: string): readonly OptionProblem[] {
  if (value === "" || isDirective(value)) return [];
  return [notSupported("fieldValidation", value, ["", "Ignore", "Strict", "Warn"])];
}

function isDirective(value: string): value is WriteOptions["fieldValidation"] {
  return value === "Strict" || value === "Warn" || value === "Ignore";
}

/** What a client calls itself, up to the first slash. */
export function managerOf(userAgent: string | undefined): string {
  const [name = ""] = (userAgent ?? "").split("/", 1);
  const printable = Array.from(name)
    .filter((character) => isPrintable(character))
    .join("");
  return Buffer.from(printable).subarray(0, maxManagerBytes).toString("utf8").replace(/�+$/, "");
}

function isPrintable(character: string): boolean {
  return character === " " || !/[\p{C}\p{Z}]/u.test(character);
}
