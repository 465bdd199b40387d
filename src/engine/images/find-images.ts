import { MooringError } from "#core/errors/index.ts";
import type { AutomatedImage, Image } from "#core/images/index.ts";
import { imageKey } from "#core/images/index.ts";
import type { RegistryAccess } from "#core/repo/index.ts";
import type { Registry } from "#ports/registry.ts";
import { mapLimit } from "#runtime/limit.ts";
import { chooseTag } from "./choose-tag.ts";
import type { WantedImages } from "./wanted-images.ts";

export interface ImageSources {
  readonly registry: Pick<Registry, "listTags" | "digestOf">;
  /** How the registry of an image is reached. */
  readonly accessTo: (name: string) => RegistryAccess;
  /** Tags that were listed so long ago will do; asked now unless told. */
  readonly maxAgeMs?: number;
  readonly signal: AbortSignal;
}

export interface FoundImages {
  readonly wanted: WantedImages;
  /** What was found, in the order of the question. */
  readonly found: readonly FoundImage[];
  /** Of images that could not be found out about, by name: the others go on. */
  readonly failures: ReadonlyMap<string, unknown>;
}

export interface FoundImage {
  readonly entry: AutomatedImage;
  readonly image: Image;
}

/** Repositories that are asked at the same time. */
const atOnce = 8;

/** Finds the newest of each image; each repository is asked once, however many entries name it. */
export async function findImages(
  images: readonly AutomatedImage[],
  sources: ImageSources,
): Promise<FoundImages> {
  const { registry, accessTo, maxAgeMs = 0, signal } = sources;
  const byRepository = Map.groupBy(images, ({ name }) => imageKey(name));
  const failures = new Map<string, unknown>();
  const found = await mapLimit([...byRepository.values()], atOnce, async (entries) => {
    const [{ name } = { name: "" }] = entries;
    try {
      const access = accessTo(name);
      const tags = await registry.listTags(access, { maxAgeMs, signal });
      return await Promise.all(
        entries.map(async (entry) => ({ entry, image: await newestOf(entry, { tags, access, sources }) })),
      );
    } catch (error) {
      signal.throwIfAborted();
      failures.set(name, error);
      return [];
    }
  });
  const all = found.flat();
  return { wanted: wantedOf(all), found: all, failures };
}

/** What is to be written of what was found. */
export function wantedOf(found: readonly FoundImage[]): WantedImages {
  return {
    images: found.flatMap(({ entry, image }) => (entry.policy === undefined ? [{ image }] : [])),
    policies: new Map(
      found.flatMap(({ entry, image }) =>
        entry.policy === undefined ? [] : [[entry.policy, image] as const],
      ),
    ),
  };
}

interface Listed {
  readonly tags: readonly string[];
  readonly access: RegistryAccess;
  readonly sources: ImageSources;
}

async function newestOf(entry: AutomatedImage, { tags, access, sources }: Listed): Promise<Image> {
  const { name, withDigest } = entry;
  const tag = chooseTag(tags, entry);
  if (tag === undefined) {
    throw new MooringError(
      "CHART_NOT_FOUND",
      `image ${name}: none of its ${tags.length} tags is wanted; check its policy`,
    );
  }
  if (!withDigest) return { name, tag };
  return { name, tag, digest: await sources.registry.digestOf(access, tag, sources.signal) };
}
