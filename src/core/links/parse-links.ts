import type { JsonObject } from "#core/object/index.ts";

export type LinkKey = "resource.links" | "application.links" | "project.links";

export interface LinkDefinition {
  /** Templates. */
  readonly url: string;
  readonly title: string;
  readonly description: string | undefined;
  readonly iconClass: string | undefined;
  /** In expr-lang; undefined for always. */
  readonly condition: string | undefined;
  /** Where it stands, such as `resource.links[0]`. */
  readonly place: string;
}

export interface ParsedLinks {
  readonly links: readonly LinkDefinition[];
  /** Sentences that name the entry, the field and what is wrong. */
  readonly problems: readonly string[];
}

const maxLinks = 100;
const maxLength = 4_096;

/** Reads the value of a key after its YAML was parsed; undefined and null are no links. Entries that are wrong are problems. */
export function parseLinks(key: LinkKey, value: unknown): ParsedLinks {
  if (value === undefined || value === null) return { links: [], problems: [] };
  if (!Array.isArray(value)) return { links: [], problems: [`${key}: is no list; write a list of links`] };
  const entries: readonly unknown[] = value.slice(0, maxLinks);
  const problems: string[] = [];
  if (value.length > maxLinks)
    problems.push(`${key}: has ${value.length} links; the first ${maxLinks} count`);
  const links = entries.flatMap((entry, i) => {
    const place = `${key}[${i}]`;
    const found = parseLink(place, entry);
    if (typeof found !== "string") return [found];
    problems.push(found);
    return [];
  });
  return { links, problems };
}

/** The link, or what is wrong with it. */
function parseLink(place: string, entry: unknown): LinkDefinition | string {
  if (typeof entry !== "object" || entry === null || Array.isArray(entry)) {
    return `${place}: is no object; write one with url and title`;
  }
  const fields = entry as JsonObject;
  for (const name of ["url", "title", "description", "icon.class", "if"]) {
    const value = fields[name];
    if (value === undefined || value === null) continue;
    if (typeof value !== "string") return `${place}.${name}: is no text; quote it`;
    if (value.length > maxLength)
      return `${place}.${name}: is ${value.length} characters long; ${maxLength} is the most`;
  }
  const text = (name: string): string | undefined => {
    const value = fields[name];
    return typeof value === "string" && value.trim() !== "" ? value : undefined;
  };
  const [url, title] = [text("url"), text("title")];
  if (url === undefined || title === undefined) {
    return `${place}.${url === undefined ? "url" : "title"}: is missing; give it`;
  }
  return {
    url,
    title,
    description: text("description"),
    iconClass: text("icon.class"),
    condition: text("if"),
    place,
  };
}
