import { isJsonArray, type JsonObject, viewNumber, viewString } from "#core/object/index.ts";
import type { DeleteOptions, User } from "../../verbs/api.ts";
import { invalidOptions, type OptionProblem } from "../errors.ts";
import { type Exchange, headerOf } from "../exchange.ts";
import { notSupported } from "./list-options.ts";
import { readFlag, readInteger } from "./read-parameters.ts";
import { dryRunProblems, managerOf } from "./write-options.ts";

export interface ReadDeleteOptions extends DeleteOptions {
  /** The old way to ask for propagation decides on the answer's code. */
  readonly orphanDependents: boolean | undefined;
}

interface RawOptions {
  readonly gracePeriodSeconds: number | undefined;
  readonly propagationPolicy: string | undefined;
  readonly orphanDependents: boolean | undefined;
  readonly dryRun: readonly string[];
  readonly uid: string | undefined;
  readonly resourceVersion: string | undefined;
}

const policies = ["Foreground", "Background", "Orphan"] as const;

/** From the body where there is one, and from the query what the body leaves open. Throws BadRequest and Invalid. */
export function readDeleteOptions(exchange: Exchange, body: JsonObject, user: User): ReadDeleteOptions {
  const raw = readRaw(exchange.query, body);
  const problems = problemsOf(raw);
  if (problems.length > 0) throw invalidOptions("DeleteOptions", problems);
  return {
    user,
    fieldManager: managerOf(headerOf(exchange, "user-agent")),
    dryRun: raw.dryRun.length > 0,
    fieldValidation: "Ignore",
    warn: (message) => exchange.warnings.push(message),
    propagation: propagationOf(raw),
    gracePeriodSeconds: raw.gracePeriodSeconds,
    preconditions: {
      ...(raw.uid === undefined ? {} : { uid: raw.uid }),
      ...(raw.resourceVersion === undefined ? {} : { resourceVersion: raw.resourceVersion }),
    },
    orphanDependents: raw.orphanDependents,
  };
}

function readRaw(query: URLSearchParams, body: JsonObject): RawOptions {
  const orphan = body["orphanDependents"];
  const dryRun = isJsonArray(body["dryRun"]) ? body["dryRun"].map(String) : query.getAll("dryRun");
  return {
    gracePeriodSeconds: viewNumber(body, "gracePeriodSeconds") ?? readInteger(query, "gracePeriodSeconds"),
    propagationPolicy: viewString(body, "propagationPolicy") ?? query.get("propagationPolicy") ?? undefined,
    orphanDependents: typeof orphan === "boolean" ? orphan : readFlag(query, "orphanDependents"),
    dryRun,
    uid: viewString(body, "preconditions", "uid"),
    resourceVersion: viewString(body, "preconditions", "resourceVersion"),
  };
}

function problemsOf({ orphanDependents, propagationPolicy, dryRun }: RawOptions): readonly OptionProblem[] {
  const problems: OptionProblem[] = [];
  const field = "propagationPolicy";
  if (orphanDependents !== undefined && propagationPolicy !== undefined) {
    const message = `Invalid value: ${JSON.stringify(propagationPolicy)}: orphanDependents and deletionPropagation cannot be both set`;
    problems.push({ field, reason: "FieldValueInvalid", message });
  }
  if (propagationPolicy !== undefined && !policies.some((policy) => policy === propagationPolicy)) {
    problems.push(notSupported(field, propagationPolicy, [...policies, "nil"]));
  }
  return [...problems, ...dryRunProblems(dryRun)];
}

function propagationOf({ orphanDependents, propagationPolicy }: RawOptions): DeleteOptions["propagation"] {
  if (orphanDependents !== undefined) return orphanDependents ? "Orphan" : "Background";
  return policies.find((policy) => policy === propagationPolicy);
}
