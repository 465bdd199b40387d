import { MooringError } from "#core/errors/index.ts";
import type { TagPolicy } from "#core/images/index.ts";
import type { RE2JS } from "re2js";
import { compilePattern } from "#runtime/patterns.ts";
import { highestVersion, isConstraint } from "#runtime/version-range.ts";

/** Of the signatures, attestations and lists of contents that tools keep beside images: tags of no image. */
const besideImages = /^sha256-[0-9a-f]{64}(?:\.(?:sig|att|sbom))?$/u;

/**
 * The tag that a policy wants of these; undefined when it wants none of them. What is equal in order is decided by the tag's own text,
 * so that the listing's order decides nothing. Throws CONFIG_INVALID for a range or pattern that cannot be read.
 */
export function chooseTag(tags: Iterable<string>, { order, ...filter }: TagPolicy): string | undefined {
  const candidates = new Map<string, string>();
  for (const [tag, key] of keysOf(tags, filter)) {
    const known = candidates.get(key);
    if (known === undefined || known < tag) candidates.set(key, tag);
  }
  if (order.by === "semver") {
    if (!isConstraint(order.range)) {
      throw new MooringError(
        "CONFIG_INVALID",
        `semver ${JSON.stringify(order.range)}: is no range of versions; write one such as ">=1.2 <2"`,
      );
    }
    const highest = highestVersion(order.range, [...candidates.keys()]);
    return highest === undefined ? undefined : candidates.get(highest);
  }
  const compare = order.by === "numerical" ? compareNumbers : compareTexts;
  const sign = order.order === "asc" ? 1 : -1;
  let best: readonly [key: string, tag: string] | undefined;
  for (const [key, tag] of candidates) {
    if (order.by === "numerical" && !number.test(key)) continue;
    // 1 and 1.0 are equal.
    if (best === undefined || (compare(key, best[0]) * sign || compareTexts(tag, best[1])) > 0)
      best = [key, tag];
  }
  return best?.[1];
}

/** The tags that a policy's pattern lets through. Throws CONFIG_INVALID for one that cannot be read. */
export function filterTags(
  tags: Iterable<string>,
  { pattern }: Pick<TagPolicy, "pattern">,
): readonly string[] {
  return Array.from(keysOf(tags, { pattern }), ([tag]) => tag);
}

function* keysOf(
  tags: Iterable<string>,
  { pattern, extract }: Omit<TagPolicy, "order">,
): Generator<readonly [tag: string, key: string]> {
  const compiled = pattern === undefined ? undefined : compilePattern(pattern);
  if (compiled instanceof Error) {
    throw new MooringError(
      "CONFIG_INVALID",
      `pattern ${JSON.stringify(pattern)}: is no regular expression of RE2: ${compiled.message}`,
    );
  }
  if (compiled === undefined && extract !== undefined) {
    throw new MooringError("CONFIG_INVALID", "extract: needs a pattern whose groups it names; give both");
  }
  const template = extract === undefined ? undefined : parseTemplate(extract, groupsOf(compiled));
  for (const tag of tags) {
    if (besideImages.test(tag)) continue;
    const matcher = compiled?.matcher(tag);
    if (matcher !== undefined && !matcher.find()) continue;
    yield [
      tag,
      template === undefined || matcher === undefined
        ? tag
        : expand(template, (group) => matcher.group(group) ?? ""),
    ];
  }
}

type Template = readonly (string | number)[];

/** By name and by number. */
function groupsOf(pattern: RE2JS | undefined): ReadonlyMap<string, number> {
  const numbers = Array.from({ length: (pattern?.groupCount() ?? 0) + 1 }, (_, i) => [String(i), i] as const);
  return new Map([...numbers, ...Object.entries(pattern?.namedGroups() ?? {})]);
}

/** `$name`, `${name}`, `$1` and `$$`, as Go's `Regexp.Expand` reads them. Throws CONFIG_INVALID for a group that is not there. */
function parseTemplate(text: string, groups: ReadonlyMap<string, number>): Template {
  const template: (string | number)[] = [];
  let end = 0;
  for (const found of text.matchAll(/\$(?:\$|\{(?<braced>\w+)\}|(?<plain>\w+))/gu)) {
    template.push(text.slice(end, found.index));
    end = found.index + found[0].length;
    const name = found.groups?.["braced"] ?? found.groups?.["plain"];
    if (name === undefined) template.push("$");
    else template.push(groupOf(name, groups));
  }
  return [...template, text.slice(end)];
}

function groupOf(name: string, groups: ReadonlyMap<string, number>): number {
  const index = groups.get(name);
  if (index !== undefined) return index;
  throw new MooringError(
    "CONFIG_INVALID",
    `extract: the pattern has no group ${JSON.stringify(name)}; write (?P<${name}>…) in it`,
  );
}

function expand(template: Template, group: (index: number) => string): string {
  return template.map((part) => (typeof part === "number" ? group(part) : part)).join("");
}

const number = /^-?\d+(?:\.\d+)?$/u;

/** Digit by digit: numbers of builds and moments are longer than what a JavaScript number tells apart. */
function compareNumbers(a: string, b: string): number {
  const [isANegative, isBNegative] = [a.startsWith("-"), b.startsWith("-")];
  if (isANegative !== isBNegative) return isANegative ? -1 : 1;
  const size = compareSizes(a.replace("-", ""), b.replace("-", ""));
  return isANegative ? -size : size;
}

function compareSizes(a: string, b: string): number {
  const [wholeA = "", partA = ""] = a.replace(/^0+(?=\d)/u, "").split(".");
  const [wholeB = "", partB = ""] = b.replace(/^0+(?=\d)/u, "").split(".");
  return (
    wholeA.length - wholeB.length ||
    compareTexts(wholeA, wholeB) ||
    compareTexts(partA.replace(/0+$/u, ""), partB.replace(/0+$/u, ""))
  );
}

/** By code units, so that no locale changes what is deployed. */
function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
