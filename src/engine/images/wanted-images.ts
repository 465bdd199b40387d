import type { Image } from "#core/images/index.ts";
import { imageKey } from "#core/images/index.ts";

/** What is to stand where an image stands now. */
export interface WantedImage {
  /** The name under which it is looked for; `image.name` unless it gets another name. */
  readonly from?: string | undefined;
  readonly image: Image;
}

export interface WantedImages {
  readonly images: readonly WantedImage[];
  /** For markers: by what they name, such as `flux-system:web`. */
  readonly policies: ReadonlyMap<string, Image>;
  /** Policies whose images must be signed: what is written names their digest. */
  readonly verified?: ReadonlySet<string>;
}

/** By what it is looked for, as it was given. */
export function nameOf({ from, image }: WantedImage): string {
  return from ?? image.name;
}

/** What is wanted in the place of an image of this name; undefined to leave it. */
export function findWanted({ images }: WantedImages, name: string): WantedImage | undefined {
  const key = imageKey(name);
  return images.find((wanted) => imageKey(nameOf(wanted)) === key);
}
