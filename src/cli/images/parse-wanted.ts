import type { Image } from "#core/images/index.ts";
import { imageKey, parseImage } from "#core/images/index.ts";
import type { WantedImage, WantedImages } from "#engine/images/wanted-images.ts";
import { nameOf } from "#engine/images/wanted-images.ts";
import { usageError } from "../usage-error.ts";

/** What `image set` is asked to write: `[OLDNAME=]IMAGE` as arguments, `POLICY=IMAGE` as flags. Throws CLI_USAGE. */
export function parseWanted(args: readonly string[], policies: readonly string[]): WantedImages {
  if (args.length === 0 && policies.length === 0) {
    throw usageError("image set needs IMAGE or --policy; write: mooring image set ghcr.io/acme/web:v2");
  }
  const images = args.map((text) => parseArgument(text));
  const seen = new Map<string, string>();
  for (const name of images.map((wanted) => nameOf(wanted))) {
    const key = imageKey(name);
    const other = seen.get(key);
    if (other !== undefined) throw usageError(`image ${name}: is given twice, as ${other} too; give it once`);
    seen.set(key, name);
  }
  const byPolicy = new Map<string, Image>();
  for (const [policy, image] of policies.map((text) => parsePolicy(text))) {
    if (byPolicy.has(policy)) throw usageError(`flag --policy ${policy}: is given twice; give it once`);
    byPolicy.set(policy, image);
  }
  return { images, policies: byPolicy };
}

function parseArgument(text: string): WantedImage {
  const equals = text.indexOf("=");
  if (equals < 0) return { image: parseVersioned(text, `image ${text}`) };
  const from = text.slice(0, equals);
  const old = parseImage(from);
  if (old === undefined || old.tag !== undefined || old.digest !== undefined) {
    throw usageError(`image ${text}: ${JSON.stringify(from)} is no name of an image; write OLDNAME=NAME:TAG`);
  }
  return { from, image: parseVersioned(text.slice(equals + 1), `image ${text}`) };
}

function parsePolicy(text: string): readonly [policy: string, image: Image] {
  const [, policy = "", image = ""] = /^(?<policy>[^=]+)=(?<image>.*)$/su.exec(text) ?? [];
  if (policy === "")
    throw usageError(`flag --policy ${text}: write NAMESPACE:NAME=IMAGE, as the markers name it`);
  return [policy, parseVersioned(image, `flag --policy ${text}`)];
}

function parseVersioned(text: string, what: string): Image {
  const image = parseImage(text);
  if (image === undefined)
    throw usageError(`${what}: ${JSON.stringify(text)} is no image; write NAME:TAG or NAME@sha256:…`);
  if (image.tag !== undefined || image.digest !== undefined) return image;
  throw usageError(`${what}: has neither tag nor digest; write ${text}:TAG`);
}
