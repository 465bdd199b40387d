const newline = 0x0a;
const space = 0x20;
const [tab, hash, dash, carriageReturn] = [0x09, 0x23, 0x2d, 0x0d];

/** The text of one chart's entries; `missing` when the index has none; `unclear` when lines do not tell and all must be parsed. */
export type Slice = { readonly text: string } | "missing" | "unclear";

interface Line {
  readonly start: number;
  readonly end: number;
  readonly indent: number;
  /** Blank, or only a comment. */
  readonly empty: boolean;
}

function* linesOf(index: Buffer, from: number): Generator<Line> {
  for (let start = from; start < index.length;) {
    const found = index.indexOf(newline, start);
    const end = found < 0 ? index.length : found;
    let at = start;
    while (at < end && index[at] === space) at += 1;
    const first = index[at];
    const empty = at >= end || first === carriageReturn || first === hash;
    yield { start, end, indent: at - start, empty };
    start = end + 1;
  }
}

/** Where the lines below the top-level `entries:` begin. */
function findEntries(index: Buffer): number | undefined {
  const key = Buffer.from("entries:");
  for (let at = index.indexOf(key); at >= 0; at = index.indexOf(key, at + 1)) {
    if (at > 0 && index[at - 1] !== newline) continue;
    const end = index.indexOf(newline, at);
    const rest = index.toString("latin1", at + key.length, end < 0 ? index.length : end);
    return /^\s*(?:#.*)?$/.test(rest) && end >= 0 ? end + 1 : undefined;
  }
  return undefined;
}

/** The key of a line such as `  web:`; undefined when there is more to it. */
function keyOf(index: Buffer, { start, end, indent }: Line): string | undefined {
  const text = index.toString("utf8", start + indent, Math.min(end, start + indent + 1024));
  const parts = /^(?:"([^"\\]*)"|'([^']*)'|([^\s"'#:&*!|>{}[\],%@`?-][^\s#:&*!|>{}[\],]*)):\s*(?:#.*)?$/.exec(
    text,
  );
  return parts?.[1] ?? parts?.[2] ?? parts?.[3];
}

/**
 * Cuts one chart's entries out of an index in block style, by indentation alone: an index may have 100 MB, of which one chart has
 * some KB. Everything that a value consists of is indented deeper than its key, or is a list at the key's own indentation.
 */
export function sliceIndex(index: Buffer, name: string): Slice {
  const from = findEntries(index);
  if (from === undefined) return "unclear";
  let keyIndent: number | undefined;
  let found: number | undefined;
  for (const line of linesOf(index, from)) {
    const first = index[line.start + line.indent];
    if (!line.empty && first === tab) return "unclear";
    if (line.empty || (first === dash && line.indent === keyIndent)) continue;
    keyIndent ??= line.indent;
    if (line.indent > keyIndent) continue;
    if (found !== undefined) return { text: index.toString("utf8", found, line.start) };
    // The top-level key after the entries, or the end of the document.
    if (line.indent < keyIndent || keyIndent === 0) return line.indent === 0 ? "missing" : "unclear";
    const key = keyOf(index, line);
    if (key === undefined) return "unclear";
    if (key === name) found = line.end + 1;
  }
  return found === undefined ? "missing" : { text: index.toString("utf8", found) };
}
