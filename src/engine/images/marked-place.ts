import type { Image, MarkedPart } from "#core/images/index.ts";
import { formatImage, parseMarker } from "#core/images/index.ts";
import type { Place, Searched } from "./place.ts";
import { refuse, replaceScalar } from "./place.ts";
import type { PlacedScalar } from "./yaml-scalar.ts";

/** A scalar with the comment behind it that names a wanted policy. Throws CONFIG_INVALID for a marker that cannot be followed. */
export function markedPlace(scalar: PlacedScalar, searched: Searched): Place | undefined {
  const comment = commentBehind(searched.text, scalar.end);
  const marker = comment === undefined ? undefined : parseMarker(comment);
  if (marker === undefined) return undefined;
  if ("problem" in marker) throw refuse(searched, scalar.start, `the marker ${marker.problem}`);
  const image = searched.wanted.policies.get(marker.policy);
  if (image === undefined) return undefined;
  searched.named.add(marker.policy);
  const after = partOf(image, marker.part);
  if (after !== undefined) return replaceScalar(scalar, after);
  throw refuse(
    searched,
    scalar.start,
    `the marker of ${marker.policy} asks for the ${marker.part}, which ${formatImage(image)} does not have; give one`,
  );
}

function partOf(image: Image, part: MarkedPart): string | undefined {
  return part === "image" ? formatImage(image) : image[part];
}

/** Without its `#`; only closing brackets may be between. */
function commentBehind(text: string, end: number): string | undefined {
  const newline = text.indexOf("\n", end);
  const rest = text.slice(end, newline < 0 ? text.length : newline);
  return /^[\t ,\]}]*[\t ]#(?<comment>.*?)\r?$/u.exec(rest)?.groups?.["comment"];
}
