import type { Document } from "yaml";
import { isMap, LineCounter, parseAllDocuments, visit } from "yaml";
import { MooringError } from "#core/errors/index.ts";
import { mayHoldMarker } from "#core/images/index.ts";
import { kustomizationPlaces } from "./kustomization-places.ts";
import { markedPlace } from "./marked-place.ts";
import type { Place, Searched } from "./place.ts";
import { valuePlaces } from "./value-places.ts";
import type { WantedImages } from "./wanted-images.ts";
import { nameOf } from "./wanted-images.ts";
import { placeScalar } from "./yaml-scalar.ts";

/** One place at which a text was changed. */
interface ImageEdit {
  /** From 1. */
  readonly line: number;
  /** Empty for what was added. */
  readonly before: string;
  /** Empty for what was taken away. */
  readonly after: string;
}

export interface EditedFile {
  readonly text: string;
  /** In the order of the text; empty when nothing was changed. */
  readonly edits: readonly ImageEdit[];
  /** Of what is wanted, the names and policies that the file has a place for, one that holds it already included. */
  readonly named: ReadonlySet<string>;
  /** Why nothing was looked for in it, such as that it is a template. */
  readonly left?: string;
}

/**
 * Writes images into a file of YAML wherever it names them: `image` of containers and of values, `repository` with `tag` or `digest`,
 * `images` of a kustomization and of an Application, and scalars with a marker. All else stays as it is, byte for byte. Throws
 * CONFIG_INVALID, naming file and line, for a marker that cannot be read or followed, and for a place that cannot hold what is wanted.
 */
export function editImages(text: string, file: string, wanted: WantedImages): EditedFile {
  const hasMarkers = wanted.policies.size > 0 && mayHoldMarker(text);
  if (!hasMarkers && !mayName(text, wanted)) return { text, edits: [], named: new Set() };
  const lines = new LineCounter();
  const options = {
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
    keepSourceTokens: true,
  } as const;
  const documents = parseAllDocuments(text, { ...options, lineCounter: lines });
  const [error] = "empty" in documents ? [] : documents.flatMap((document) => document.errors);
  if (error !== undefined) {
    const { line } = lines.linePos(error.pos[0]);
    if (!hasMarkers) return { text, edits: [], named: new Set(), left: `line ${line} is no YAML` };
    throw new MooringError(
      "CONFIG_INVALID",
      `${file} line ${line}: is no YAML, so that its markers cannot be followed; correct it`,
    );
  }
  const named = new Set<string>();
  const places = placesIn(documents, { file, text, lines, wanted, named });
  const changes = places.filter(({ start, end, written }) => text.slice(start, end) !== written);
  return {
    text: splice(text, changes),
    edits: changes.map(({ start, before, after }) => ({ line: lineOf(text, start, lines), before, after })),
    named,
  };
}

/** What is cheap to see: most files of a repository name none of them. */
function mayName(text: string, { images }: WantedImages): boolean {
  return images.some((image) => text.includes(nameOf(image).split("/").at(-1) ?? ""));
}

/** What is added begins with the end of the line before it. */
function lineOf(text: string, start: number, lines: LineCounter): number {
  const { line } = lines.linePos(start);
  return text[start] === "\n" || text[start] === "\r" ? line + 1 : line;
}

/** By where they are; a marker decides for its scalar, whatever else would. */
function placesIn(documents: readonly Document[], searched: Searched): readonly Place[] {
  const places = documents.flatMap((document) => {
    const marked = searched.wanted.policies.size === 0 ? [] : markedPlaces(document, searched);
    const isTaken = (other: Place) => marked.some(({ start, end }) => other.start < end && start < other.end);
    const others = [...kustomizationPlaces(document, searched), ...mapPlaces(document, searched)];
    return [...marked, ...others.filter((other) => !isTaken(other))];
  });
  return places.toSorted((a, b) => a.start - b.start);
}

function markedPlaces(document: Document, searched: Searched): readonly Place[] {
  const places: Place[] = [];
  visit(document, {
    Scalar: (key, node, path) => {
      const scalar = key === "key" ? undefined : placeScalar(node);
      const map = key === "value" ? path.at(-2) : undefined;
      const siblings = () => (isMap(map) ? map.items.flatMap(({ value }) => placeScalar(value) ?? []) : []);
      const place = scalar === undefined ? undefined : markedPlace(scalar, searched, siblings);
      if (place !== undefined) places.push(place);
    },
  });
  return places;
}

function mapPlaces(document: Document, searched: Searched): readonly Place[] {
  const places: Place[] = [];
  visit(document, { Map: (_key, map) => void places.push(...valuePlaces(map, searched)) });
  return places;
}

function splice(text: string, places: readonly Place[]): string {
  let end = 0;
  const parts: string[] = [];
  for (const place of places) {
    parts.push(text.slice(end, place.start), place.written);
    end = place.end;
  }
  return parts.join("") + text.slice(end);
}
