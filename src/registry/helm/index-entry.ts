import type { ListedChart } from "#ports/registry.ts";

/** One version of a chart, as a repository's index has it. */
export interface IndexEntry {
  readonly version: string;
  /** `sha256:…` of the archive; undefined where the index does not say. */
  readonly digest?: string;
  readonly urls: readonly string[];
  readonly appVersion?: string;
  readonly created?: string;
  readonly deprecated: boolean;
}

const maxText = 4096;
const maxUrls = 20;

function textOf(value: unknown): string | undefined {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" && value !== "" && value.length <= maxText ? value : undefined;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
  return isMap ? (value as Record<string, unknown>) : undefined;
}

function parseEntry(value: unknown): readonly IndexEntry[] {
  const fields = fieldsOf(value);
  const version = textOf(fields?.["version"])?.trim();
  if (fields === undefined || version === undefined) return [];
  const digest = /^(?:sha256:)?([0-9a-f]{64})$/i.exec(textOf(fields["digest"]) ?? "")?.[1]?.toLowerCase();
  const { urls } = fields;
  const listed = Array.isArray(urls)
    ? urls.slice(0, maxUrls).flatMap((url: unknown) => textOf(url) ?? [])
    : [];
  const [appVersion, created] = [textOf(fields["appVersion"]), textOf(fields["created"])];
  return [
    {
      version,
      urls: listed.map((url) => url.trim()),
      deprecated: textOf(fields["deprecated"]) === "true",
      ...(digest !== undefined && { digest: `sha256:${digest}` }),
      ...(appVersion !== undefined && { appVersion }),
      ...(created !== undefined && { created }),
    },
  ];
}

/** The usable versions of a chart; like Helm, entries without a version are left out. Undefined when it is no list. */
export function parseEntries(value: unknown): readonly IndexEntry[] | undefined {
  if (value === null || value === "") return [];
  return Array.isArray(value) ? value.flatMap(parseEntry) : undefined;
}

/** The charts of a whole index that have a usable version, by name. */
export function chartsOf(index: unknown): readonly ListedChart[] | "not-an-index" {
  const fields = fieldsOf(index);
  if (fields === undefined || !("entries" in fields)) return "not-an-index";
  return Object.entries(fieldsOf(fields["entries"]) ?? {})
    .map(([name, entries]) => ({ name, versions: (parseEntries(entries) ?? []).map((one) => one.version) }))
    .filter(({ versions }) => versions.length > 0)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** The entries of one chart in a whole index; `not-an-index` when it has none for anything. */
export function entriesOf(index: unknown, name: string): readonly IndexEntry[] | "missing" | "not-an-index" {
  const fields = fieldsOf(index);
  if (fields === undefined || !("entries" in fields)) return "not-an-index";
  const charts = fieldsOf(fields["entries"]);
  if (charts === undefined)
    return fields["entries"] === null || fields["entries"] === "" ? "missing" : "not-an-index";
  if (!Object.hasOwn(charts, name)) return "missing";
  return parseEntries(charts[name]) ?? "not-an-index";
}
