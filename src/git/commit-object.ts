import { formatTime } from "#runtime/clock.ts";

export interface CommitObject {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: string;
  /** RFC 3339, when the author wrote it. */
  readonly date: string;
  readonly message: string;
}

/** Parses a raw commit object: header lines, an empty line, the message. Throws when it has no tree. */
export function parseCommit(raw: Uint8Array): CommitObject {
  const text = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString("utf8");
  const end = text.indexOf("\n\n");
  const header = end < 0 ? text : text.slice(0, end);
  const tree = /^tree (?<oid>[0-9a-f]{40}(?:[0-9a-f]{24})?)$/m.exec(header)?.groups?.["oid"];
  if (tree === undefined) throw new Error("commit object names no tree");
  const author = /^author (?<who>.*) (?<seconds>-?\d{1,12}) [+-]\d{4}$/m.exec(header)?.groups;
  return {
    tree,
    parents: [...header.matchAll(/^parent (?<oid>[0-9a-f]{40,64})$/gm)].map(
      ({ groups }) => groups?.["oid"] ?? "",
    ),
    author: author?.["who"] ?? "",
    date: formatTime(Number(author?.["seconds"] ?? 0) * 1_000),
    message: end < 0 ? "" : text.slice(end + 2).trimEnd(),
  };
}
