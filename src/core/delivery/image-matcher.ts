import { imageKey, parseImage } from "#core/images/index.ts";

/** Tells whether an image is the one that is asked for: by name alone, by name and tag, or by digest. Undefined for what names no image. */
export function imageMatcher(text: string): ((image: string) => boolean) | undefined {
  const asked = parseImage(text);
  if (asked === undefined) return undefined;
  const key = imageKey(asked.name);
  return (image) => {
    const found = parseImage(image);
    if (found === undefined || imageKey(found.name) !== key) return false;
    if (asked.digest !== undefined) return found.digest === asked.digest;
    return asked.tag === undefined || found.tag === asked.tag;
  };
}

/** Whether a text can only mean an image, and no branch, tag or commit of Git. */
export function isImageText(text: string): boolean {
  return /[:@]/u.test(text) || /^[^/]+\.[^/]+\//u.test(text);
}
