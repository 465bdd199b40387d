import { MooringError } from "#core/errors/index.ts";
import type { AutomatedImage, Image } from "#core/images/index.ts";
import { imageKey } from "#core/images/index.ts";
import type { RegistryAccess } from "#core/repo/index.ts";
import type { Registry } from "#ports/registry.ts";
import { mapLimit } from "#runtime/limit.ts";
import { chooseTag, filterTags } from "./choose-tag.ts";
import { requireSigned } from "./verify-cosign.ts";
import type { WantedImages } from "./wanted-images.ts";

export interface ImageSources {
  readonly registry: Pick<Registry, "listTags" | "digestOf" | "readImage" | "listSignatures">;
  /** How the registry of an image is reached. */
  readonly accessTo: (name: string) => RegistryAccess;
  /** Public keys in PEM that an image must be signed by one of; those of its own policy unless told. */
  readonly keysOf?: (entry: AutomatedImage) => readonly string[];
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
    verified: new Set(
      found.flatMap(({ entry: { policy, verify } }) =>
        policy === undefined || verify === undefined ? [] : [policy],
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
  const { name, withDigest, order, verify } = entry;
  const { registry, signal } = sources;
  const tag =
    order.by === "newestBuild"
      ? await newestBuild(entry, { tags, access, sources })
      : chooseTag(tags, { ...entry, order });
  if (tag === undefined) {
    throw new MooringError(
      "CHART_NOT_FOUND",
      `image ${name}: none of its ${tags.length} tags is wanted; check its policy`,
    );
  }
  if (!withDigest) return { name, tag };
  const image = { name, tag, digest: await registry.digestOf(access, tag, signal) };
  if (verify === undefined) return image;
  const signatures = await registry.listSignatures(access, image.digest, signal);
  const keys = sources.keysOf?.(entry) ?? verify.keys;
  requireSigned(signatures, { keys, digest: image.digest, subject: `image ${name}:${tag}` });
  return image;
}

/** Each costs questions to a registry, whose limits of pulls they may count for. */
const maxBuilds = 50;

/** The tag of the image that was built last; of those of one moment the last in the alphabet. */
async function newestBuild(
  entry: AutomatedImage,
  { tags, access, sources }: Listed,
): Promise<string | undefined> {
  const { registry, signal } = sources;
  const candidates = filterTags(tags, entry);
  if (candidates.length > maxBuilds)
    throw new MooringError(
      "CONFIG_INVALID",
      `image ${entry.name}: newestBuild asks about each of ${candidates.length} tags, and at most ${maxBuilds} are allowed; choose among them with filterTags.pattern`,
    );
  const built = await Promise.all(
    candidates.map(async (tag) => {
      const { created } = await registry.readImage(access, tag, { platform: entry.platform, signal });
      return { tag, ms: Date.parse(created ?? "") };
    }),
  );
  const known = built.filter(({ ms }) => !Number.isNaN(ms));
  return known.toSorted((a, b) => b.ms - a.ms || (a.tag < b.tag ? 1 : -1))[0]?.tag;
}
