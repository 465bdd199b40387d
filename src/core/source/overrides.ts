import type { ApplicationSource } from "#core/app/types.ts";
import { parseValue } from "#core/crd/parse.ts";
import { sourceSchema } from "#core/crd/source-schema.ts";
import { MooringError } from "#core/errors/index.ts";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { applyMergePatch, isJsonObject } from "#core/object/index.ts";

/** Files beside the manifests that override a source, later ones over earlier ones. */
export function overrideFilesOf(appName: string): readonly string[] {
  return [".argocd-source.yaml", `.argocd-source-${appName}.yaml`];
}

const overridable = ["helm", "kustomize", "directory", "plugin"] as const;

export interface SourceOverride {
  /** The file, for messages. */
  readonly path: string;
  /** Its content; an empty file is null. */
  readonly content: JsonValue;
}

/**
 * The source with an override merged into it (RFC 7386). Only what describes the tool can be overridden: where the manifests come from
 * stays as the Application says, and as its project permits. Throws RENDER_INVALID naming the file and each wrong field.
 */
export function overrideSource(
  source: ApplicationSource,
  { path, content }: SourceOverride,
): ApplicationSource {
  if (content === null) return source;
  if (!isJsonObject(content)) {
    throw new MooringError(
      "RENDER_INVALID",
      `${path}: not a map of source fields, such as helm: or kustomize:`,
    );
  }
  const patch: JsonObject = Object.fromEntries(
    overridable.flatMap((field) => (content[field] === undefined ? [] : [[field, content[field]]])),
  );
  const parsed = parseValue(sourceSchema, applyMergePatch(source, patch), { secret: true });
  if (parsed.ok) return parsed.value;
  const problems = parsed.problems.map(({ message }) => message).join("; ");
  throw new MooringError("RENDER_INVALID", `${path}: ${problems}`);
}
