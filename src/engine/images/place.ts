import type { LineCounter, YAMLMap } from "yaml";
import { isScalar } from "yaml";
import { MooringError } from "#core/errors/index.ts";
import type { WantedImage, WantedImages } from "./wanted-images.ts";
import { findWanted, nameOf } from "./wanted-images.ts";
import type { PlacedScalar } from "./yaml-scalar.ts";
import { placeScalar, writeScalar } from "./yaml-scalar.ts";

/** What is to stand between two offsets of a text. */
export interface Place {
  readonly start: number;
  readonly end: number;
  readonly written: string;
  /** What it says, as people read it. */
  readonly before: string;
  readonly after: string;
}

/** A file in which images are looked for. */
export interface Searched {
  readonly file: string;
  readonly text: string;
  readonly lines: LineCounter;
  readonly wanted: WantedImages;
  /** Names and policies of those that were found in it so far. */
  readonly named: Set<string>;
}

/** What is wanted in the place of an image that the file names; undefined to leave it. */
export function wantedFor({ wanted, named }: Searched, name: string): WantedImage | undefined {
  const found = findWanted(wanted, name);
  if (found !== undefined) named.add(nameOf(found));
  return found;
}

/** A scalar with another value. */
export function replaceScalar(scalar: PlacedScalar, after: string): Place {
  const { start, end, value, style, isOther } = scalar;
  if (value === after) return { start, end, written: scalar.source, before: value, after };
  return { start, end, written: writeScalar(after, isOther ? "double" : style), before: value, after };
}

/** The scalar under a key; undefined when there is none that can be written. */
export function scalarAt(map: YAMLMap, key: string): PlacedScalar | undefined {
  return placeScalar(map.get(key, true));
}

/** The pair of a key. */
export function pairAt(map: YAMLMap, key: string): YAMLMap["items"][number] | undefined {
  return map.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
}

export function refuse({ file, lines }: Searched, offset: number, problem: string): MooringError {
  return new MooringError("CONFIG_INVALID", `${file} line ${lines.linePos(offset).line}: ${problem}`);
}
