/** One part of a test; see `TestedRow`. */
export interface Term {
  readonly negated: boolean;
  readonly subject: ConditionTerm | FieldTerm;
}

export interface ConditionTerm {
  /** `*` for any. */
  readonly type: string;
  readonly status: string;
  /** Empty for any reason. */
  readonly reasons: ReadonlySet<string>;
  /** True when the reasons are those that do not count. */
  readonly exceptReasons: boolean;
}

export interface FieldTerm {
  readonly path: readonly string[];
  /** Lower case; undefined when it is enough that the field is not empty. */
  readonly values: ReadonlySet<string> | undefined;
  readonly exceptValues: boolean;
}

/** Alternatives of terms that must hold together. */
export type Test = readonly (readonly Term[])[];

/** Throws on a text that is no test: the table is data of ours, and a test reads all of it. */
export function parseTest(text: string): Test {
  return text
    .split(nextAlternative)
    .map((alternative) => alternative.split(" & ").map((part) => parseTerm(part, text)));
}

/** A value may be a sentence with an "or" in it; what follows the "or" between tests is a field or has an equals sign. */
const nextAlternative = / or (?=!?(?:\.|[\w./*-]+=))/;

function parseTerm(part: string, text: string): Term {
  const negated = part.startsWith("!");
  const subject = parseSubject(negated ? part.slice(1) : part);
  if (subject === undefined) throw new Error(`${JSON.stringify(part)} of ${JSON.stringify(text)} is no test`);
  return { negated, subject };
}

function parseSubject(text: string): ConditionTerm | FieldTerm | undefined {
  return text.startsWith(".") ? parseField(text) : parseCondition(text);
}

function parseField(text: string): FieldTerm | undefined {
  const found = /^\.(?<path>[\w.]+)(?:(?<not>!?)=(?<values>.+))?$/.exec(text)?.groups;
  if (found === undefined) return undefined;
  const { path = "", not = "", values } = found;
  return {
    path: path.split("."),
    values: values === undefined ? undefined : new Set(values.toLowerCase().split("|")),
    exceptValues: not === "!",
  };
}

function parseCondition(text: string): ConditionTerm | undefined {
  const found = /^(?<type>[\w./*-]+)=(?<status>True|False|Unknown)(?:\((?<not>!?)(?<reasons>[^)]+)\))?$/.exec(
    text,
  )?.groups;
  if (found === undefined) return undefined;
  const { type = "", status = "", not = "", reasons } = found;
  return {
    type,
    status: status.toLowerCase(),
    reasons: new Set(reasons === undefined ? [] : reasons.split("|")),
    exceptReasons: not === "!",
  };
}
