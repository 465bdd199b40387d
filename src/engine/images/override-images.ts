import { MooringError } from "#core/errors/index.ts";
import type { Image } from "#core/images/index.ts";
import { formatImage, imageKey, parseImage } from "#core/images/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { viewArray, viewObject, viewString } from "#core/object/index.ts";
import type { FoundImage } from "./find-images.ts";

interface OverridePlan {
  readonly patch: JsonObject;
  /** Names what it changes. */
  readonly change: string;
}

/**
 * How an Application's `kustomize.images`, or the parameters of its chart, are to be for these images; undefined when they are so.
 * Throws CONFIG_INVALID, which begins with the subject, for an Application that has neither.
 */
export function planImageOverrides(
  app: KubeObject,
  found: readonly FoundImage[],
  subject: string,
): OverridePlan | undefined {
  if (viewArray(app, "spec", "sources").length > 0)
    throw new MooringError("CONFIG_INVALID", `${subject} has several sources; write to Git by spec.git`);
  const source = viewObject(app, "spec", "source");
  const type = viewString(app, "status", "sourceType");
  if (source["kustomize"] !== undefined || type === "Kustomize") return planKustomize(source, found);
  if (source["helm"] !== undefined || source["chart"] !== undefined || type === "Helm")
    return planHelm(source, found, subject);
  throw new MooringError(
    "CONFIG_INVALID",
    `${subject} is neither of Kustomize nor of Helm; write to Git by spec.git`,
  );
}

function planKustomize(source: JsonObject, found: readonly FoundImage[]): OverridePlan | undefined {
  const before = viewArray(source, "kustomize", "images").filter((entry) => typeof entry === "string");
  const after = found.reduce<readonly string[]>((entries, { image }) => {
    const written = formatImage(image);
    const at = entries.findIndex((entry) => namesOf(entry).includes(imageKey(image.name)));
    const old = entries[at];
    if (old === undefined) return [...entries, written];
    return entries.with(at, overrideIn(old, image));
  }, before);
  return planOf({ kustomize: { images: after } }, before, after);
}

/** An entry that renames an image, such as to that of a mirror, keeps the name. */
function overrideIn(entry: string, image: Image): string {
  const at = entry.indexOf("=");
  if (at < 0) return formatImage(image);
  const renamed = parseImage(entry.slice(at + 1));
  return `${entry.slice(0, at)}=${formatImage({ ...image, name: renamed?.name ?? image.name })}`;
}

/** Of an entry such as `web=ghcr.io/acme/web:v1`. */
function namesOf(entry: string): readonly string[] {
  return entry.split("=").flatMap((part) => {
    const image = parseImage(part);
    return image === undefined ? [] : [imageKey(image.name)];
  });
}

function planHelm(
  source: JsonObject,
  found: readonly FoundImage[],
  subject: string,
): OverridePlan | undefined {
  const before = viewArray(source, "helm", "parameters");
  const wanted = found.flatMap(({ entry, image }) => {
    const tag = [image.tag, image.digest].filter((part) => part !== undefined).join("@");
    return [
      { name: entry.helm.image, value: image.name },
      { name: entry.helm.tag, value: tag, forceString: true },
    ];
  });
  const twice = wanted.find(({ name }, i) => wanted.findIndex((other) => other.name === name) !== i);
  if (twice !== undefined)
    throw new MooringError(
      "CONFIG_INVALID",
      `${subject}: two images are written to the parameter ${twice.name}; name their own in spec.images[].helm`,
    );
  const after = wanted.reduce((parameters, parameter) => {
    const at = parameters.findIndex((each) => viewString(each, "name") === parameter.name);
    if (at < 0) return [...parameters, parameter];
    return viewString(parameters[at], "value") === parameter.value
      ? parameters
      : parameters.with(at, parameter);
  }, before);
  return planOf({ helm: { parameters: after } }, before, after);
}

function planOf(
  source: JsonObject,
  before: readonly unknown[],
  after: readonly unknown[],
): OverridePlan | undefined {
  const texts = [before, after].map((list) => JSON.stringify(list));
  if (texts[0] === texts[1]) return undefined;
  return { patch: { spec: { source } }, change: texts.join("\n") };
}
