/** Which part of an image a scalar holds; `image` is all of it. */
export type MarkedPart = "image" | "name" | "tag" | "digest";

/** A comment behind a scalar that says which policy decides what the scalar holds. */
export interface Marker {
  /** As it is named: `NAMESPACE:NAME` in Flux's `$imagepolicy`, `NAME` in Fleet's `$imagescan`. */
  readonly policy: string;
  readonly part: MarkedPart;
}

const token = /\$image(?:policy|scan)"/u;
const form = /^\s*\{\s*"(?<kind>\$imagepolicy|\$imagescan)"\s*:\s*"(?<value>[^"\\]{1,600})"\s*\}\s*$/u;
const parts: readonly string[] = ["name", "tag", "digest"] satisfies readonly MarkedPart[];

/** Whether a text holds anything that might be a marker. */
export function mayHoldMarker(text: string): boolean {
  return token.test(text);
}

/** What a comment (without its `#`) says; undefined when it is no marker, and a problem when it is meant as one and cannot be read. */
export function parseMarker(comment: string): Marker | { readonly problem: string } | undefined {
  if (!mayHoldMarker(comment)) return undefined;
  const found = form.exec(comment)?.groups;
  if (found === undefined) {
    return {
      problem:
        'is no marker; write # {"$imagepolicy": "NAMESPACE:NAME"}, with :tag, :name or :digest for a part',
    };
  }
  const { kind, value = "" } = found;
  const words = value.split(":");
  const last = words.at(-1) ?? "";
  const nameWords = kind === "$imagepolicy" ? 2 : 1;
  const hasPart = words.length === nameWords + 1;
  if (words.some((word) => word === "") || (words.length !== nameWords && !hasPart)) {
    return {
      problem: `names ${JSON.stringify(value)}; write ${nameWords === 2 ? "NAMESPACE:NAME" : "NAME"}, with :tag, :name or :digest for a part`,
    };
  }
  if (hasPart && !parts.includes(last)) {
    return { problem: `names the part ${JSON.stringify(last)}; write :tag, :name or :digest` };
  }
  return {
    policy: words.slice(0, nameWords).join(":"),
    part: hasPart ? (last as MarkedPart) : "image",
  };
}
