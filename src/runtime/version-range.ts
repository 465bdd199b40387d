import semver from "semver";

interface Comparators {
  readonly range: semver.Range;
  readonly excluded: readonly semver.Range[];
}

const version = /^v?(?<major>\d+)(?:\.(?<minor>\d+))?(?:\.(?<patch>\d+))?(?<rest>[-+][0-9A-Za-z.+-]+)?$/;

/** A version with or without leading `v`, missing parts being zero. */
function parseVersion(text: string): semver.SemVer | undefined {
  const parts = version.exec(text)?.groups;
  if (parts === undefined) return undefined;
  const { major, minor = "0", patch = "0", rest = "" } = parts;
  return semver.parse(`${major}.${minor}.${patch}${rest}`) ?? undefined;
}

function parseComparators(text: string): Comparators | undefined {
  const spaced = text.replaceAll(",", " ").replaceAll("=<", "<=").replaceAll("=>", ">=");
  const excluded = [...spaced.matchAll(/!=\s*(\S+)/g)].map((match) => match[1] ?? "");
  const rest = spaced.replaceAll(/!=\s*\S+/g, " ").trim();
  // A prerelease matches only where the range itself speaks of prereleases.
  const includePrerelease = /\d-[0-9A-Za-z]/.test(rest);
  try {
    return {
      range: new semver.Range(rest === "" ? "*" : rest, { includePrerelease }),
      excluded: excluded.map((each) => new semver.Range(each)),
    };
  } catch {
    return undefined;
  }
}

function parseRange(text: string): readonly Comparators[] | undefined {
  if (!/[<>=~^*,|\sxX!]/.test(text) || parseVersion(text) !== undefined) return undefined;
  return parseConstraint(text);
}

function parseConstraint(text: string): readonly Comparators[] | undefined {
  const groups = text.split("||").map((group) => parseComparators(group.trim()));
  return groups.every((group) => group !== undefined) ? groups : undefined;
}

function splitPrefix(text: string): readonly [prefix: string, rest: string] {
  const slash = text.lastIndexOf("/");
  return [text.slice(0, slash + 1), text.slice(slash + 1)];
}

/** Whether a revision is a range of versions (`1.x`, `>=1.2 <2`, `prod/v1.*`) and not one version or another name. */
export function isVersionRange(revision: string): boolean {
  return parseRange(splitPrefix(revision)[1]) !== undefined;
}

/**
 * The tag with the highest version in the range, as Argo CD picks it, of those that begin with `tagPrefix`; undefined when none is in it.
 */
export function highestInRange(revision: string, tags: Iterable<string>, tagPrefix = ""): string | undefined {
  const [prefix, rest] = splitPrefix(revision);
  return highestOf(parseRange(rest) ?? [], tags, `${tagPrefix}${prefix}`);
}

/** Whether a text can be read as what `highestVersion` takes. */
export function isConstraint(text: string): boolean {
  return parseConstraint(text.trim() === "" ? "*" : text.trim()) !== undefined;
}

/**
 * The version that Helm picks: the very one that is named, else the highest that the constraint lets pass, where `1.2` means
 * `1.2.x` and nothing means any release. Undefined when there is none or the constraint cannot be read.
 */
export function highestVersion(constraint: string, versions: readonly string[]): string | undefined {
  const text = constraint.trim();
  if (versions.includes(text)) return text;
  return highestOf(parseConstraint(text === "" ? "*" : text) ?? [], versions, "");
}

function highestOf(
  groups: readonly Comparators[],
  tags: Iterable<string>,
  prefix: string,
): string | undefined {
  let best: { tag: string; version: semver.SemVer } | undefined;
  for (const tag of tags) {
    if (!tag.startsWith(prefix)) continue;
    const candidate = parseVersion(tag.slice(prefix.length));
    if (candidate === undefined || !groups.some((group) => isIn(candidate, group))) continue;
    if (best === undefined || isHigher(candidate, tag, best)) best = { tag, version: candidate };
  }
  return best?.tag;
}

function isIn(candidate: semver.SemVer, { range, excluded }: Comparators): boolean {
  return range.test(candidate) && !excluded.some((each) => each.test(candidate));
}

/** Every version that is one, highest first. */
export function sortVersions(versions: readonly string[]): readonly string[] {
  const parsed = versions.flatMap((text) => {
    const found = parseVersion(text);
    return found === undefined ? [] : [{ text, found }];
  });
  return parsed.toSorted((a, b) => semver.compareBuild(b.found, a.found)).map(({ text }) => text);
}

/** Equal versions under two names (`v1.0.0` and `1.0.0`) must not depend on the order of the listing. */
function isHigher(
  candidate: semver.SemVer,
  tag: string,
  best: { readonly tag: string; readonly version: semver.SemVer },
): boolean {
  const order = semver.compareBuild(candidate, best.version);
  return order > 0 || (order === 0 && tag > best.tag);
}
