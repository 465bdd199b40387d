import type { Json, JsonObject } from "../manifest/json.ts";
import { isJsonArray, isJsonObject, isSame } from "../manifest/json.ts";
import { formatScalar, isBlock, orderedFields, yamlLines } from "./yaml-lines.ts";
import { pairEqual, pairItems } from "./match-items.ts";

type Change = "same" | "changed" | "added" | "removed" | "ignored";

/** A line on each side, or on one of them. */
export interface DiffRow {
  /** Where in the live object, such as `spec.containers[0].image`. */
  readonly path: string;
  readonly change: Change;
  readonly left: string | undefined;
  readonly right: string | undefined;
}

/** An object as the API tells of it. */
export interface Sides {
  readonly live: JsonObject | undefined;
  /** Live, without what is ignored. */
  readonly normalized: JsonObject | undefined;
  /** What a sync would make of it, without what is ignored. */
  readonly predicted: JsonObject | undefined;
  /** What Git says. */
  readonly desired: JsonObject | undefined;
  /** It counts as in sync: whatever differs is ignored, or means the same. */
  readonly isSynced: boolean;
}

/** Both sides of an object line by line, as YAML, the same fields beside each other. */
export function diffRows({ live, normalized, predicted, desired, isSynced }: Sides): readonly DiffRow[] {
  const rows: DiffRow[] = [];
  const part = { live, normalized: normalized ?? live, predicted, desired };
  if (live === undefined || (predicted === undefined && !isSynced)) {
    writeAlone(rows, { live, predicted: predicted ?? (isSynced ? desired : undefined) });
    return rows;
  }
  writeFields(rows, part, { path: "", lead: leadOf(""), isIgnored: isSynced });
  return rows;
}

interface Part<V extends Json = Json> {
  readonly live: V | undefined;
  readonly normalized: Json | undefined;
  readonly predicted: Json | undefined;
  readonly desired: Json | undefined;
}

/** What stands before the next line of each side: the first of an item has its dash. */
interface Lead {
  left: string;
  right: string;
  readonly rest: string;
}

interface Place {
  readonly path: string;
  readonly lead: Lead;
  readonly isIgnored: boolean;
}

function leadOf(rest: string): Lead {
  return { left: rest, right: rest, rest };
}

function take(lead: Lead, side: "left" | "right"): string {
  const text = lead[side];
  lead[side] = lead.rest;
  return text;
}

function writeAlone(
  rows: DiffRow[],
  { live, predicted }: Pick<Part<JsonObject>, "live" | "predicted">,
): void {
  for (const text of live === undefined ? [] : yamlLines(live))
    rows.push({ path: "", change: "removed", left: text, right: undefined });
  for (const text of predicted === undefined ? [] : yamlLines(predicted))
    rows.push({ path: "", change: "added", left: undefined, right: text });
}

function fieldOf(value: Json | undefined, field: string): Json | undefined {
  return isJsonObject(value) ? value[field] : undefined;
}

function writeFields(rows: DiffRow[], part: Part, place: Place): void {
  const sides = [part.live, part.predicted, part.desired].filter((one) => isJsonObject(one));
  for (const field of orderedFields(sides)) {
    const below = {
      live: fieldOf(part.live, field),
      normalized: fieldOf(part.normalized, field),
      predicted: fieldOf(part.predicted, field),
      desired: fieldOf(part.desired, field),
    };
    const path = place.path === "" ? field : `${place.path}.${field}`;
    writeField(rows, below, { ...place, path, field });
  }
}

/** Whether a sync leaves it as it is, whatever Git says. */
function isLeft({ live, normalized, predicted, desired }: Part): boolean {
  if (live !== undefined) return normalized === undefined;
  return predicted === undefined && desired !== undefined;
}

function writeField(
  rows: DiffRow[],
  part: Part,
  { field, ...place }: Place & { readonly field: string },
): void {
  const isIgnored = place.isIgnored || isLeft(part);
  const right = isIgnored ? (part.desired ?? part.live) : part.predicted;
  const name = `${formatScalar(field)}:`;
  const { live } = part;
  if (isJsonObject(live) && isJsonObject(right) && !isEmpty(live) && !isEmpty(right)) {
    writeHead(rows, name, place);
    const lead = leadOf(`${place.lead.rest}  `);
    writeFields(rows, part, { path: place.path, lead, isIgnored });
  } else if (isJsonArray(live) && isJsonArray(right) && live.length > 0 && right.length > 0) {
    writeHead(rows, name, place);
    writeItems(rows, { ...part, live, right }, { ...place, isIgnored });
  } else if (isBlock(live) && isBlock(right)) {
    writeHead(rows, `${name} |`, place);
    writeBlock(rows, [live, right], { ...place, isIgnored });
  } else {
    writeValues(rows, [live, right], { ...place, isIgnored, name });
  }
}

function isEmpty(value: JsonObject): boolean {
  return Object.keys(value).length === 0;
}

function writeHead(rows: DiffRow[], text: string, { path, lead }: Place): void {
  rows.push({ path, change: "same", left: take(lead, "left") + text, right: take(lead, "right") + text });
}

/** A value on each side that has nothing in common with the other but its place. */
function writeValues(
  rows: DiffRow[],
  [left, right]: readonly [Json | undefined, Json | undefined],
  { path, lead, isIgnored, name }: Place & { readonly name: string },
): void {
  const linesOf = (value: Json | undefined, side: "left" | "right"): readonly string[] => {
    if (value === undefined) return [];
    const first = take(lead, side);
    return yamlLines(value, name).map((text, i) => (i === 0 ? first : lead.rest) + text);
  };
  const before = linesOf(left, "left");
  const after = linesOf(right, "right");
  const areSame = isSame(left, right);
  for (let i = 0; i < Math.max(before.length, after.length); i += 1) {
    const row = { path, left: before[i], right: after[i] };
    rows.push({ ...row, change: areSame ? "same" : changeOf(row, isIgnored) });
  }
}

function changeOf({ left, right }: Pick<DiffRow, "left" | "right">, isIgnored: boolean): Change {
  if (left === right) return "same";
  if (isIgnored) return "ignored";
  return left === undefined ? "added" : right === undefined ? "removed" : "changed";
}

type ItemsPart = Omit<Part<readonly Json[]>, "live"> & {
  readonly live: readonly Json[];
  readonly right: readonly Json[];
};

function writeItems(rows: DiffRow[], part: ItemsPart, place: Place): void {
  const { live, right, normalized, desired } = part;
  const ofLive = pairedWith(live, normalized);
  const ofRight = pairedWith(right, desired);
  const ofLiveInGit = pairedWith(live, desired);
  for (const [i, j] of pairItems(live, right)) {
    const item = {
      live: i === undefined ? undefined : live[i],
      normalized: i === undefined ? undefined : ofLive(i),
      predicted: j === undefined || place.isIgnored ? undefined : right[j],
      desired: j === undefined ? (i === undefined ? undefined : ofLiveInGit(i)) : ofRight(j),
    };
    const at = { ...place, path: `${place.path}[${i ?? "+"}]` };
    writeItem(rows, item, at);
  }
}

/** The items of another list that are the same as those of one, by position in the one. */
function pairedWith(list: readonly Json[], other: Json | undefined): (i: number) => Json | undefined {
  if (!isJsonArray(other)) return () => undefined;
  const pairs = new Map(pairItems(list, other).map(([i, j]) => [i, j]));
  return (i) => {
    const j = pairs.get(i);
    return j === undefined ? undefined : other[j];
  };
}

function writeItem(rows: DiffRow[], item: Part, place: Place): void {
  const isIgnored = place.isIgnored || isLeft(item);
  const right = isIgnored ? (item.desired ?? item.live) : item.predicted;
  const rest = `${place.lead.rest}    `;
  const dash = `${place.lead.rest}  - `;
  const lead: Lead = { left: dash, right: dash, rest };
  const { live } = item;
  if (isJsonObject(live) && isJsonObject(right) && !isEmpty(live) && !isEmpty(right))
    writeFields(rows, item, { path: place.path, lead, isIgnored });
  else writeValues(rows, [live, right], { path: place.path, lead, isIgnored, name: "" });
}

/** A text of several lines, compared by line. */
function writeBlock(
  rows: DiffRow[],
  [left, right]: readonly [string, string],
  { path, lead, isIgnored }: Place,
): void {
  // The end of the last line is no line of its own.
  const isEnded = left.endsWith("\n") && right.endsWith("\n");
  const linesOf = (text: string): readonly string[] => (isEnded ? text.slice(0, -1) : text).split("\n");
  const [before, after] = [linesOf(left), linesOf(right)];
  const indent = `${lead.rest}  `;
  const push = (one: string | undefined, other: string | undefined): void => {
    const row = {
      path,
      left: one === undefined ? undefined : indent + one,
      right: other === undefined ? undefined : indent + other,
    };
    rows.push({ ...row, change: changeOf(row, isIgnored) });
  };
  let removed: string[] = [];
  let added: string[] = [];
  const flush = (): void => {
    for (let i = 0; i < Math.max(removed.length, added.length); i += 1) push(removed[i], added[i]);
    [removed, added] = [[], []];
  };
  for (const [i, j] of pairEqual(before, after, (a, b) => a === b)) {
    if (i !== undefined && j !== undefined) {
      flush();
      push(before[i], after[j]);
    } else if (i !== undefined) removed.push(before[i] ?? "");
    else if (j !== undefined) added.push(after[j] ?? "");
  }
  flush();
}
