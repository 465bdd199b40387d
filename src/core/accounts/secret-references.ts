import type { KubeObject } from "#core/object/index.ts";
import { labelsOf, viewObject } from "#core/object/index.ts";
import { secretText } from "./secret-data.ts";

/** Secrets of others are only read from when they bear it, as in Argo CD. */
export const partOfLabel = "app.kubernetes.io/part-of";

export interface ReferenceSource {
  /** `argocd-secret`. */
  readonly own: KubeObject | undefined;
  readonly other: (name: string) => KubeObject | undefined;
  /** Called with a field whose reference leads nowhere. */
  readonly report: (problem: string) => void;
}

/**
 * Replaces a value `$key` by that key of `argocd-secret`, and `$name:key` by a key of another Secret with the label
 * `app.kubernetes.io/part-of: argocd`. A value that begins otherwise stands; one that refers to nothing is reported and stands as
 * it is written, as in Argo CD.
 */
export function resolveReference(
  { own, other, report }: ReferenceSource,
  field: string,
  text: string,
): string {
  if (!text.startsWith("$")) return text;
  const [first = "", second] = text.slice(1).split(":");
  const found = second === undefined ? secretText(own, first) : fromOther(other(first), second);
  if (found !== undefined) return found;
  // What looks like a reference may be a secret that begins with a dollar sign, so it is not shown.
  report(
    `${field} begins with $ and refers to no value: it takes $key of Secret argocd-secret, or $name:key of a Secret with the label ${partOfLabel}: argocd; add the value, or correct the name`,
  );
  return text;
}

function fromOther(secret: KubeObject | undefined, key: string): string | undefined {
  if (secret === undefined || labelsOf(secret)[partOfLabel] !== "argocd") return undefined;
  return key in viewObject(secret, "data") ? secretText(secret, key) : undefined;
}
