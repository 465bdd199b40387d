import { parse as parseYaml } from "yaml";
import type { ListedChart } from "#ports/registry.ts";
import type { IndexEntry } from "./index-entry.ts";
import { chartsOf, entriesOf, parseEntries } from "./index-entry.ts";
import { sliceIndex } from "./slice-index.ts";

export type FoundChart = readonly IndexEntry[] | "missing" | "not-an-index" | "too-large";

export type ChartList = readonly ListedChart[] | "not-an-index" | "too-large";

const MiB = 1024 * 1024;
/** The parser takes half a second for each MiB. One chart's entries have some KB, or a few MiB in old repositories. */
const maxSliceBytes = 32 * MiB;
/** Indexes that cannot be cut must be parsed whole. */
const maxWholeBytes = 16 * MiB;

/** All scalars are text, so that a version `1.10` stays what it is. */
const options = {
  schema: "failsafe",
  uniqueKeys: false,
  strict: false,
  logLevel: "error",
  maxAliasCount: 100,
} as const;

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    // What it means that a text does not parse, the caller decides.
    return undefined;
  }
}

function wholeIndex(index: Buffer): unknown {
  const text = index.toString("utf8");
  const json = text.trimStart().startsWith("{") ? attempt(() => JSON.parse(text) as unknown) : undefined;
  return json ?? attempt(() => parseYaml(text, options) as unknown);
}

/** The charts of an `index.yaml` with their versions, by name. Takes time: not for the main thread. */
export function listCharts(index: Buffer): ChartList {
  return index.length > maxWholeBytes ? "too-large" : chartsOf(wholeIndex(index));
}

/** Finds the versions of a chart in an `index.yaml` (YAML or JSON). Takes time: not for the main thread. */
export function findChart(index: Buffer, name: string): FoundChart {
  const slice = sliceIndex(index, name);
  if (slice === "missing") return "missing";
  if (slice !== "unclear") {
    if (slice.text.length > maxSliceBytes) return "too-large";
    const parsed = parseEntries(attempt(() => parseYaml(slice.text, options) as unknown));
    if (parsed !== undefined) return parsed;
  }
  if (index.length > maxWholeBytes) return "too-large";
  return entriesOf(wholeIndex(index), name);
}
