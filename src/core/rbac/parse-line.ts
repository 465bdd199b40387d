import { splitCsv } from "./csv.ts";
import type { CompileField, Matcher } from "./matcher.ts";
import { anything } from "./matcher.ts";
import type { Membership, Rule } from "./rule.ts";
import { everybody } from "./rule.ts";
import type { Origin } from "./types.ts";
import { actions, resources } from "./vocabulary.ts";

/** What a line says, as far as it can be understood, and what is wrong with it. */
export interface ParsedLine {
  readonly rules: readonly Rule[];
  readonly memberships: readonly Membership[];
  readonly problem?: { readonly severity: "error" | "warning"; readonly text: string };
}

const nothing: ParsedLine = { rules: [], memberships: [] };

interface Line {
  readonly origin: Origin;
  /** Without blanks around it. */
  readonly line: string;
  readonly compile: CompileField;
}

/**
 * One line of a policy. A line with a mistake never opens anything: one that plainly allows grants nothing, and every other is taken for
 * a denial as wide as what can be read of it, because that may be what it was meant to be.
 */
export function parseLine(given: Line): ParsedLine {
  const { line } = given;
  if (line === "" || line.startsWith("#")) return nothing;
  const fields = splitCsv(line);
  if (fields instanceof Error) return unreadable(given, fields.message);
  if (fields[0] === "g" && fields.length >= 3) return parseMembership(given, fields);
  if (fields[0] === "g") return unreadable(given, "it has no role");
  if (fields[0] !== "p") return unreadable(given, "it begins with neither p nor g");
  if (fields.length === 5 && !isEffect(fields[4])) return parseRule(given, [...fields, ""]);
  if (fields.length !== 6) return unreadable(given, `it has ${fields.length} fields instead of 6`);
  return parseRule(given, fields);
}

function parseMembership(given: Line, fields: readonly string[]): ParsedLine {
  const [, member = "", role = "", ...more] = fields;
  const blank = [member, role].find((field) => field !== field.trimEnd());
  if (blank !== undefined) return unreadable(given, blankAfter(blank));
  if (member === "" || role === "") return unreadable(given, "a name is empty");
  const memberships = [{ member, role, origin: given.origin }];
  if (more.every((field) => field === "")) return { ...nothing, memberships };
  const text = "it has more than 3 fields, and what follows the role has no effect; remove it";
  return { ...nothing, memberships, problem: { severity: "warning", text } };
}

function parseRule({ origin, compile }: Line, fields: readonly string[]): ParsedLine {
  const [, subject = "", ...rest] = fields;
  const [resource = "", action = "", object = "", effect = ""] = rest;
  const patterns = [resource, action, object].map((pattern) => compile(pattern.trimEnd()));
  const [first = anything, second = anything, third = anything] = patterns.map(orAnything);
  const rule = { subject: subject.trimEnd(), resource: first, action: second, object: third, origin };
  const mistake = mistakeIn(fields, patterns);
  if (mistake === undefined) {
    const decided = { ...rule, effect: effect === "deny" ? "deny" : "allow" } as const;
    return { ...nothing, rules: [decided], ...doubtAbout(rule) };
  }
  if (plainlyAllows(rest)) return grantsNothing(mistake);
  const text = `${mistake}; until it is corrected the line denies ${nameOf(rule.subject)} what can be read of it`;
  return {
    ...nothing,
    rules: [{ ...rule, effect: "deny" }],
    problem: { severity: "error", text: `${text}; write ${form}` },
  };
}

const form = "p, <subject>, <resource>, <action>, <object>, allow or deny";

function orAnything(matcher: Matcher | Error): Matcher {
  return matcher instanceof Error ? anything : matcher;
}

function mistakeIn(fields: readonly string[], patterns: readonly (Matcher | Error)[]): string | undefined {
  const [, subject = "", , , , effect = ""] = fields;
  if (subject.trim() === "") return "its subject is empty";
  const blank = fields.find((field) => field !== field.trimEnd());
  if (blank !== undefined) return blankAfter(blank);
  const wrong = patterns.findIndex((pattern) => pattern instanceof Error);
  const error = patterns[wrong];
  if (error instanceof Error) return `its ${fieldNames[wrong]} ${quote(fields[wrong + 2])} ${error.message}`;
  if (effect === "") return "it does not end in allow or deny";
  return effect === "allow" || effect === "deny"
    ? undefined
    : `its effect ${quote(effect)} is neither allow nor deny`;
}

const fieldNames = ["resource", "action", "object"];

/** A rule that is well-formed and yet never applies to anything. */
function doubtAbout({ resource, action }: Pick<Rule, "resource" | "action">): Pick<ParsedLine, "problem"> {
  const warn = (text: string) => ({ problem: { severity: "warning", text } }) as const;
  if (!resources.some((name) => resource.test(name)))
    return warn(`its resource is none, so it never applies; use ${resources.join(", ")}`);
  const asked = [...actions, ...actions.map((name) => `${name}/`)];
  const applies = asked.some(
    (name) => action.test(name) || (action.head.startsWith(name) && name.endsWith("/")),
  );
  return applies || action.head === ""
    ? {}
    : warn(`its action is none, so it never applies; use ${actions.join(", ")}`);
}

/** Whoever the line may be about is denied everything, unless it plainly allows or is prose. */
function unreadable({ origin, line, compile }: Line, mistake: string): ParsedLine {
  const fields = splitRoughly(line);
  const isRule = isTyped(fields) || line.includes(",");
  if (!isRule || plainlyAllows(fields)) return grantsNothing(mistake);
  const subjects = namesIn(fields, compile);
  if (subjects.length === 0) return grantsNothing(mistake);
  const text = `${mistake}; until it is corrected the line denies everything to ${subjects.map(nameOf).join(" and ")}`;
  return {
    ...nothing,
    rules: subjects.map((subject) => denialOfEverything(subject, origin)),
    problem: { severity: "error", text: `${text}; write ${form}, or g, <name>, <role>` },
  };
}

function isTyped([type]: readonly string[]): boolean {
  return type === "p" || type === "g";
}

/** Of a `g` line the first name; else what stands before the first field that is a resource; everybody where nothing does, nobody where there is nothing else either. */
function namesIn(fields: readonly string[], compile: CompileField): readonly string[] {
  const said = (isTyped(fields) ? fields.slice(1) : fields).filter((field) => field !== "");
  if (fields[0] === "g") return said.slice(0, 1);
  const end = said.findIndex((field) => isResource(compile(field)));
  const names = (end < 0 ? said : said.slice(0, end)).filter((field) => !isEffect(field));
  return names.length > 0 || said.length === 0 ? names : [everybody];
}

function isResource(matcher: Matcher | Error): boolean {
  return !(matcher instanceof Error) && resources.some((name) => matcher.test(name));
}

function nameOf(subject: string): string {
  return subject === everybody ? "everybody" : quote(subject);
}

export function denialOfEverything(subject: string, origin: Origin): Rule {
  return { subject, resource: anything, action: anything, object: anything, effect: "deny", origin };
}

function grantsNothing(mistake: string): ParsedLine {
  const text = `${mistake}; until it is corrected the line grants nothing; write ${form}, or g, <name>, <role>`;
  return { ...nothing, problem: { severity: "error", text } };
}

/** Ends in allow, perhaps with something after it, and says deny nowhere. */
function plainlyAllows(fields: readonly string[]): boolean {
  const last = fields.findLast((field) => field.trim() !== "") ?? "";
  return allows.test(last) && !fields.some((field) => denies.test(field));
}

const allows = /^\s*allow(?:\s|$)/iu;
const denies = /^\s*(?:deny|denied)(?:\s|$)/iu;

function isEffect(field = ""): boolean {
  return allows.test(field) || denies.test(field);
}

/** Commas, or where there are none blanks, between fields; quotes are left out. */
function splitRoughly(line: string): readonly string[] {
  const parts = line.includes(",") ? line.split(",") : line.split(/\s+/u);
  return parts.map((part) => part.replaceAll('"', "").trim());
}

function blankAfter(field: string): string {
  return `a blank follows ${quote(field.trimEnd())} and would be part of it`;
}

function quote(text = ""): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
