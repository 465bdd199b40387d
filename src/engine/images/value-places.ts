import type { YAMLMap } from "yaml";
import { isSeq } from "yaml";
import type { Image } from "#core/images/index.ts";
import { formatImage, imageKey, parseImage } from "#core/images/index.ts";
import type { Place, Searched } from "./place.ts";
import { refuse, replaceScalar, scalarAt, wantedFor } from "./place.ts";
import type { WantedImage } from "./wanted-images.ts";
import type { PlacedScalar } from "./yaml-scalar.ts";
import { placeScalar } from "./yaml-scalar.ts";

/** Where a map of a manifest or of a chart's values names an image that is wanted. */
export function valuePlaces(map: YAMLMap, searched: Searched): readonly Place[] {
  return [...wholePlaces(map, searched), ...listedPlaces(map, searched), ...partPlaces(map, searched)];
}

/** `image: NAME:TAG`. */
function wholePlaces(map: YAMLMap, searched: Searched): readonly Place[] {
  const scalar = scalarAt(map, "image");
  const image = parseImage(scalar?.value ?? "");
  if (scalar !== undefined && isSplit(map, scalar)) return [];
  const found = image === undefined ? undefined : wantedFor(searched, image.name);
  if (scalar === undefined || image === undefined || found === undefined) return [];
  return [replaceScalar(scalar, formatImage(replaced(image, found)))];
}

/** `image: NAME` with `tag` or `digest` beside it, which charts put together. */
function isSplit(map: YAMLMap, { value }: PlacedScalar): boolean {
  const image = parseImage(value);
  const isBare = image !== undefined && image.tag === undefined && image.digest === undefined;
  return isBare && (scalarAt(map, "tag") ?? scalarAt(map, "digest")) !== undefined;
}

/** `images: [NAME:TAG, OLD=NAME:TAG]`, as an Application has them for its kustomization. */
function listedPlaces(map: YAMLMap, searched: Searched): readonly Place[] {
  const list = map.get("images", true);
  if (!isSeq(list)) return [];
  return list.items.flatMap((item) => {
    const scalar = placeScalar(item);
    const [, prefix = "", rest = ""] = /^(?<prefix>[^=]*=)?(?<rest>.*)$/su.exec(scalar?.value ?? "") ?? [];
    const image = parseImage(rest);
    const found = image === undefined ? undefined : wantedFor(searched, image.name);
    if (scalar === undefined || image === undefined || found === undefined) return [];
    return [replaceScalar(scalar, prefix + formatImage(replaced(image, found)))];
  });
}

/** With its name as it is written, unless it gets another. */
function replaced({ name }: Image, { from, image }: WantedImage): Image {
  return { ...image, name: from === undefined ? name : image.name };
}

/** The name in `repository`, or in an `image` without a version of its own, with `tag` and `digest` beside it, and the host in `registry`, as charts have them in their values. */
function partPlaces(map: YAMLMap, searched: Searched): readonly Place[] {
  const image = scalarAt(map, "image");
  const repository =
    scalarAt(map, "repository") ?? (image !== undefined && isSplit(map, image) ? image : undefined);
  const tag = scalarAt(map, "tag");
  const digest = scalarAt(map, "digest");
  if (repository === undefined || (tag === undefined && digest === undefined)) return [];
  const registry = scalarAt(map, "registry");
  const host = registry === undefined || registry.value === "" ? "" : `${registry.value}/`;
  const name = host + repository.value;
  const found = parseImage(name) === undefined ? undefined : wantedFor(searched, name);
  if (found === undefined) return [];
  return [
    ...(found.from === undefined ? [] : namePlaces({ registry, repository }, found.image.name)),
    ...versionPlaces({ tag, digest }, { found, searched, start: repository.start }),
  ];
}

interface NameScalars {
  readonly registry: PlacedScalar | undefined;
  readonly repository: PlacedScalar;
}

function namePlaces({ registry, repository }: NameScalars, name: string): readonly Place[] {
  if (registry === undefined || registry.value === "") return [replaceScalar(repository, name)];
  const key = imageKey(name);
  const slash = key.indexOf("/");
  return [replaceScalar(registry, key.slice(0, slash)), replaceScalar(repository, key.slice(slash + 1))];
}

interface VersionScalars {
  readonly tag: PlacedScalar | undefined;
  readonly digest: PlacedScalar | undefined;
}

interface Writing {
  readonly found: WantedImage;
  readonly searched: Searched;
  readonly start: number;
}

function digestPlaces(digest: PlacedScalar | undefined, image: Image): readonly Place[] {
  return digest === undefined ? [] : [replaceScalar(digest, image.digest ?? "")];
}

function versionPlaces(
  { tag, digest }: VersionScalars,
  { found, searched, start }: Writing,
): readonly Place[] {
  const { image } = found;
  // A digest that stays beside a new tag would be what runs.
  const isNone = digest === undefined || (digest.isOther && digest.value === "null");
  const digests = isNone && image.digest === undefined ? [] : digestPlaces(digest, image);
  // Charts put the tag behind the repository as it is, so that a digest can go with it.
  const inTag = digest === undefined && image.digest !== undefined ? `@${image.digest}` : "";
  if (tag !== undefined && image.tag !== undefined) {
    return [replaceScalar(tag, image.tag + inTag), ...digests];
  }
  if (digest !== undefined && image.digest !== undefined) return digests;
  const missing = tag === undefined ? "no tag" : "no digest";
  throw refuse(
    searched,
    start,
    `has ${missing} beside repository, so that ${formatImage(image)} cannot be written there; add one, or give the other`,
  );
}
