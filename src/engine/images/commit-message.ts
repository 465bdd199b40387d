import type { ImageAutomation, TemplateValues } from "#core/images/index.ts";
import { fillTemplate, formatImage } from "#core/images/index.ts";
import type { EditedPath } from "./edit-files.ts";
import type { WantedImages } from "./wanted-images.ts";

const maxMessageBytes = 16_384;
const maxShownPlaces = 200;

/** One line for each place. */
export function editLines(files: readonly EditedPath[]): readonly string[] {
  return files.flatMap(({ path, edits }) =>
    edits.map(
      ({ line, before, after }) =>
        `${path}:${line}: ${before === "" ? "added" : before} -> ${after === "" ? "taken away" : after}`,
    ),
  );
}

/** What a commit of these images says unless told: which images, and every place. */
export function describeImages(wanted: WantedImages, changed: readonly EditedPath[]): string {
  const all = shownImages(wanted);
  const [first = ""] = all;
  const title = all.length === 1 ? `Set ${first}` : `Set ${all.length} images`;
  const rest = all.length === 1 ? [] : [...all, ""];
  return fitting([title, "", ...rest, ...editLines(changed).slice(0, maxShownPlaces)]);
}

interface Saying {
  readonly automation: Pick<ImageAutomation, "name" | "namespace">;
  readonly wanted: WantedImages;
  readonly changed: readonly EditedPath[];
}

/** The same in the words of a template. */
export function sayByTemplate(template: string, saying: Saying): string {
  return fitting(fillTemplate(template, valuesOf(saying)).split("\n"));
}

/** What templates may name. */
export function valuesOf({ automation, wanted, changed }: Saying): TemplateValues {
  const all = [...wanted.images.map(({ image }) => image), ...wanted.policies.values()];
  return {
    Automation: automation.name,
    Namespace: automation.namespace,
    Image: all[0]?.name ?? "",
    Tag: all[0]?.tag ?? "",
    Images: shownImages(wanted).join("\n"),
    Changes: editLines(changed).slice(0, maxShownPlaces).join("\n"),
  };
}

/** References of all that is wanted, once each. */
function shownImages({ images, policies }: WantedImages): readonly string[] {
  const all = [...images.map(({ image }) => image), ...policies.values()];
  return [...new Set(all.map((image) => formatImage(image)))];
}

/** As many lines as a message may have: places of long paths and digests are longer than anybody reads. */
function fitting(lines: readonly string[]): string {
  let bytes = 0;
  return lines.filter((line) => (bytes += Buffer.byteLength(line) + 1) <= maxMessageBytes).join("\n");
}
