import { MooringError } from "#core/errors/index.ts";
import type { EditedFile } from "./edit-images.ts";
import { editImages } from "./edit-images.ts";
import type { WantedImages } from "./wanted-images.ts";
import { nameOf } from "./wanted-images.ts";
import type { FoundFile } from "./walk-yaml.ts";

/** A file that was changed, holds what is wanted already, or could not be looked into. */
export interface EditedPath extends EditedFile {
  readonly path: string;
}

/**
 * Writes images into files, in memory: a mistake in one leaves every file as it was. Throws what `editImages` throws.
 */
export async function editFiles(
  sources: Iterable<AsyncIterable<FoundFile>>,
  wanted: WantedImages,
): Promise<readonly EditedPath[]> {
  const edited = new Map<string, EditedPath>();
  for (const files of sources) {
    for await (const { path, text } of files) {
      const result = editImages(text, path, wanted);
      const isKept = result.named.size > 0 || result.left !== undefined;
      if (isKept) edited.set(path, { ...result, path });
    }
  }
  return [...edited.values()];
}

/** Of what is wanted, what no file names, such as `image ghcr.io/acme/web`. */
export function unnamedIn(
  { images, policies }: WantedImages,
  files: readonly EditedPath[],
): readonly string[] {
  const asked = [
    ...images.map((image) => ["image", nameOf(image)] as const),
    ...[...policies.keys()].map((policy) => ["policy", policy] as const),
  ];
  return asked
    .filter(([, name]) => !files.some(({ named }) => named.has(name)))
    .map((words) => words.join(" "));
}

/**
 * Throws CONFIG_NOT_FOUND when no file names one of the images: a pipeline that writes nothing because of a mistyped name would go on as
 * if it had deployed.
 */
export function requireNamed(wanted: WantedImages, files: readonly EditedPath[]): void {
  const [missing] = unnamedIn(wanted, files);
  if (missing === undefined) return;
  const left = files.find((file) => file.left !== undefined);
  const hint = left?.left === undefined ? "" : `; ${left.path} may, but its ${left.left}`;
  throw new MooringError("CONFIG_NOT_FOUND", `${missing}: no file names it${hint}; check the name, and --in`);
}
