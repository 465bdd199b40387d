import type { JsonObject } from "#core/object/index.ts";
import type { Application, ApplicationSource } from "#core/app/index.ts";
import { sourcesOf } from "#core/app/index.ts";
import type { Flags, FlagValues } from "./command.ts";
import { usageError } from "./usage-error.ts";

/** Which revision of which source. */
export const revisionFlags = {
  revision: { type: "string", description: "This revision instead of the target revision" },
  revisions: {
    type: "strings",
    value: "REVISION",
    description: "Revisions of several sources, one for each --source-positions or --source-names",
  },
  "source-positions": {
    type: "strings",
    value: "POSITION",
    description: "Which sources the revisions are of; the first is 1",
  },
  "source-names": { type: "strings", value: "NAME", description: "The same by the sources' names" },
} as const satisfies Flags;

type RevisionValues = FlagValues<typeof revisionFlags>;

/** The revisions that the flags ask for, by source; an empty one leaves its source's. Throws CLI_USAGE. */
export function revisionsFor(app: Application, flags: RevisionValues): readonly string[] {
  const sources = sourcesOf(app);
  const { revision, revisions } = flags;
  if (revision !== undefined) {
    if (revisions.length > 0) throw usageError("flags --revision and --revisions: give one of them");
    if (sources.length > 1) {
      throw usageError(
        `flag --revision: ${app.metadata.name} has ${sources.length} sources; write --revisions REVISION --source-positions POSITION`,
      );
    }
    return [revision];
  }
  const places = placesOf(sources, flags);
  if (places.length !== revisions.length)
    throw usageError("flags --revisions: give as many of them as of --source-positions or --source-names");
  const asked = new Map(places.map((place, i) => [place, revisions[i] ?? ""]));
  return revisions.length === 0 ? [] : sources.map((_, i) => asked.get(i) ?? "");
}

function placesOf(sources: readonly ApplicationSource[], flags: RevisionValues): readonly number[] {
  const { "source-positions": positions, "source-names": names } = flags;
  if (positions.length > 0 && names.length > 0)
    throw usageError("flags --source-positions and --source-names: give one of them");
  return [
    ...positions.map((position) => findSource(sources, { position: Number(position), name: undefined })),
    ...names.map((name) => findSource(sources, { position: undefined, name })),
  ];
}

export interface SourceChoice {
  /** Counts from 1. */
  readonly position: number | undefined;
  readonly name: string | undefined;
}

/** The index of the source that a position or a name chooses. Throws CLI_USAGE that says what there is. */
export function findSource(
  sources: readonly { readonly name?: unknown }[],
  { position, name }: SourceChoice,
): number {
  if (position !== undefined && name !== undefined)
    throw usageError("flags --source-position and --source-name: give one of them");
  const index =
    name === undefined ? (position ?? 0) - 1 : sources.findIndex((source) => source.name === name);
  if (Number.isInteger(index) && sources[index] !== undefined) return index;
  if (name === undefined)
    throw usageError(
      `flag --source-position: there is no source ${position}; the application has ${sources.length}`,
    );
  const names = sources.flatMap((source) => (typeof source.name === "string" ? [source.name] : []));
  const has = names.length === 0 ? "the sources have no names" : `there are ${names.join(", ")}`;
  throw usageError(`flag --source-name: no source is called ${name}; ${has}`);
}

/** The place of the source that flags name, the first one where there is no other; undefined is `spec.source`. Throws CLI_USAGE. */
export function chooseSource(
  sources: readonly JsonObject[],
  choice: SourceChoice = { position: undefined, name: undefined },
): number | undefined {
  const chosen = choice.position !== undefined || choice.name !== undefined;
  if (sources.length === 0) {
    if (!chosen) return undefined;
    throw usageError(
      "flags --source-position and --source-name: the application has one source, spec.source",
    );
  }
  if (chosen) return findSource(sources, choice);
  if (sources.length === 1) return 0;
  throw usageError(
    "flags change one source and the application has several; say which with --source-position or --source-name",
  );
}
