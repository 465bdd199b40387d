import { removePaths } from "#core/differences/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { canonicalJson } from "#core/object/index.ts";
import { isSecret } from "#core/redact/index.ts";
import type { PlanHash } from "#core/sync/index.ts";

/** An object as an Application renders to it, placed and marked. */
export interface RenderedObject {
  readonly object: KubeObject;
  /** Fields that hold values which are encrypted in Git. */
  readonly secretPaths?: readonly (readonly (string | number)[])[] | undefined;
}

/**
 * What an Application renders to, as a digest: the same for the same objects in whatever order. Each object is hashed by the control plane's
 * key, so that nobody can test a guess of a Secret's values; without a key those values are left out.
 */
export function renderedDigest(objects: readonly RenderedObject[], hash: PlanHash): string {
  const entries = objects.map((one) =>
    hash.entry(canonicalJson(hash.key === "none" ? withoutValues(one) : one.object)),
  );
  return `sha256:${hash.digest([`rendered ${hash.key}`, ...entries.toSorted()].join("\n"))}`;
}

function withoutValues({ object, secretPaths = [] }: RenderedObject): KubeObject {
  const shown = removePaths(object, secretPaths) as KubeObject;
  if (!isSecret(shown)) return shown;
  const { data: _data, stringData: _text, ...rest } = shown;
  return rest as KubeObject;
}
