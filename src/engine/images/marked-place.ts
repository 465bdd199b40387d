import type { Image, MarkedPart } from "#core/images/index.ts";
import { formatImage, parseMarker } from "#core/images/index.ts";
import type { Place, Searched } from "./place.ts";
import { refuse, replaceScalar } from "./place.ts";
import type { PlacedScalar } from "./yaml-scalar.ts";

/** A scalar with the comment behind it that names a wanted policy, among the scalars of its map. Throws CONFIG_INVALID for a marker that cannot be followed. */
export function markedPlace(
  scalar: PlacedScalar,
  searched: Searched,
  siblings: () => readonly PlacedScalar[],
): Place | undefined {
  const marker = markerBehind(scalar, searched);
  if (marker === undefined) return undefined;
  if ("problem" in marker) throw refuse(searched, scalar.start, `the marker ${marker.problem}`);
  const image = searched.wanted.policies.get(marker.policy);
  if (image === undefined) return undefined;
  searched.named.add(marker.policy);
  if (marker.part === "tag" && searched.wanted.verified?.has(marker.policy) === true)
    requireDigest(marker.policy, { scalar, siblings, searched });
  const after = partOf(image, marker.part);
  if (after !== undefined) return replaceScalar(scalar, after);
  throw refuse(
    searched,
    scalar.start,
    `the marker of ${marker.policy} asks for the ${marker.part}, which ${formatImage(image)} does not have; give one`,
  );
}

interface TagPlace {
  readonly scalar: PlacedScalar;
  readonly siblings: () => readonly PlacedScalar[];
  readonly searched: Searched;
}

/** What was signed is the digest: a tag alone may be another image by the time that it is pulled. */
function requireDigest(policy: string, { scalar, siblings, searched }: TagPlace): void {
  const hasDigest = siblings().some((sibling) => {
    const marker = markerBehind(sibling, searched);
    return (
      marker !== undefined && !("problem" in marker) && marker.policy === policy && marker.part === "digest"
    );
  });
  if (hasDigest) return;
  throw refuse(
    searched,
    scalar.start,
    `the marker of ${policy} asks for the tag alone, which may be led to an image that nobody signed, and the policy has verify; put a scalar with the marker ${policy}:digest into the same map, or write the whole image`,
  );
}

function markerBehind(scalar: PlacedScalar, { text }: Searched): ReturnType<typeof parseMarker> | undefined {
  const comment = commentBehind(text, scalar.end);
  return comment === undefined ? undefined : parseMarker(comment);
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
