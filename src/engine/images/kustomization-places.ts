import type { Document, YAMLMap } from "yaml";
import { isMap, isSeq } from "yaml";
import type { Place, Searched } from "./place.ts";
import { pairAt, refuse, replaceScalar, scalarAt, wantedFor } from "./place.ts";
import type { WantedImage } from "./wanted-images.ts";
import { placeScalar, writeScalar } from "./yaml-scalar.ts";
import type { PlacedScalar } from "./yaml-scalar.ts";

const fileNames = /(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/u;
const kinds: readonly unknown[] = ["Kustomization", "Component"];

/** Where `images` of a kustomization name an image that is wanted; what an entry does not say yet is added to it. */
export function kustomizationPlaces({ contents }: Document, searched: Searched): readonly Place[] {
  if (!isMap(contents)) return [];
  const kind = contents.get("kind");
  if (!kinds.includes(kind) && !(kind === undefined && fileNames.test(searched.file))) return [];
  const entries = contents.get("images", true);
  if (!isSeq(entries)) return [];
  return entries.items.flatMap((entry) => (isMap(entry) ? entryPlaces(entry, searched) : []));
}

function entryPlaces(entry: YAMLMap, searched: Searched): readonly Place[] {
  const name = scalarAt(entry, "name");
  const newName = scalarAt(entry, "newName");
  const shown = newName ?? name;
  const found = shown === undefined ? undefined : wantedFor(searched, shown.value);
  if (name === undefined || shown === undefined || found === undefined) return [];
  const writing = { entry, searched, after: shown };
  return [
    ...(found.from === undefined ? [] : fieldPlaces("newName", found.image.name, writing)),
    ...fieldPlaces("newTag", found.image.tag, writing),
    ...fieldPlaces("digest", found.image.digest, writing),
  ];
}

interface Writing {
  readonly entry: YAMLMap;
  readonly searched: Searched;
  /** The scalar behind which a new field goes. */
  readonly after: PlacedScalar;
}

/** A field of an entry: written over, added, or, since what stays of the old image would be deployed with the new one, taken away. */
function fieldPlaces(
  field: "newName" | "newTag" | "digest",
  value: WantedImage["image"]["tag"],
  writing: Writing,
): readonly Place[] {
  const { entry } = writing;
  const scalar = scalarAt(entry, field);
  if (value === undefined) return pairAt(entry, field) === undefined ? [] : [removeField(field, writing)];
  if (scalar !== undefined) return [replaceScalar(scalar, value)];
  if (pairAt(entry, field) !== undefined)
    throw refuse(
      writing.searched,
      writing.after.start,
      `${field} of this image is no plain value; correct it`,
    );
  return [addField(field, value, writing)];
}

function addField(field: string, value: string, { entry, searched, after }: Writing): Place {
  const { text } = searched;
  // Beside keys in quotes it stays JSON.
  const isJson = entry.flow === true && placeScalar(entry.items[0]?.key)?.style === "double";
  const written = isJson
    ? `"${field}": ${writeScalar(value, "double")}`
    : `${field}: ${writeScalar(value, "plain")}`;
  const what = { before: "", after: `${field}: ${value}` };
  if (entry.flow === true) return { start: after.end, end: after.end, written: `, ${written}`, ...what };
  const newline = text.indexOf("\n", after.end);
  const at = newline < 0 ? text.length : newline;
  const isCrLf = text[at - 1] === "\r";
  const start = isCrLf ? at - 1 : at;
  const indent = " ".repeat(columnOf(entry, searched));
  return { start, end: start, written: `${isCrLf ? "\r" : ""}\n${indent}${written}`, ...what };
}

/** Of an entry's keys, from 0. */
function columnOf({ items }: YAMLMap, { lines }: Searched): number {
  const key = placeScalar(items[0]?.key);
  return key === undefined ? 0 : lines.linePos(key.start).col - 1;
}

function removeField(field: string, { entry, searched, after }: Writing): Place {
  const { text } = searched;
  const pair = pairAt(entry, field);
  const key = placeScalar(pair?.key);
  const scalar = placeScalar(pair?.value);
  const lineStart = key === undefined ? 0 : text.lastIndexOf("\n", key.start) + 1;
  const isAlone = key !== undefined && text.slice(lineStart, key.start).trim() === "";
  if (!isAlone || scalar === undefined || entry.flow === true) {
    throw refuse(
      searched,
      after.start,
      `${field} of this image would stay beside the new one; take it away, or give one`,
    );
  }
  const newline = text.indexOf("\n", scalar.end);
  const end = newline < 0 ? text.length : newline + 1;
  return { start: lineStart, end, written: "", before: `${field}: ${scalar.value}`, after: "" };
}
