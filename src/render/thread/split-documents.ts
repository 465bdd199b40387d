/** One YAML document of a file, its marker line included, and where it begins. */
export interface DocumentText {
  readonly text: string;
  /** Line in the file of the text's first line, from 1. */
  readonly line: number;
  /** From 1, counting every document that holds more than comments. */
  readonly number: number;
}

const marker = /^---(?=[ \t\n]|$)/gm;

/**
 * Cuts a stream at its `---` lines. YAML allows no document content to begin a line with `---`, not even inside a block
 * scalar, so cutting needs no parsing. Documents of only comments, blank lines and directives are left out.
 */
export function splitDocuments(text: string): DocumentText[] {
  const starts = [...text.matchAll(marker)].map((match) => match.index);
  if (starts[0] !== 0) starts.unshift(0);
  const documents: DocumentText[] = [];
  let line = 1;
  starts.forEach((start, index) => {
    const part = text.slice(start, starts[index + 1]);
    if (holdsContent(part)) documents.push({ text: part, line, number: documents.length + 1 });
    line += countLines(part);
  });
  return documents;
}

const emptyLine = /^(?:---)?[ \t]*(?:#.*|%.*|\.\.\.[ \t]*(?:#.*)?)?$/;

function holdsContent(part: string): boolean {
  for (let from = 0; from < part.length;) {
    const newline = part.indexOf("\n", from);
    const end = newline < 0 ? part.length : newline;
    if (!emptyLine.test(part.slice(from, end))) return true;
    from = end + 1;
  }
  return false;
}

function countLines(part: string): number {
  let lines = 0;
  for (let at = part.indexOf("\n"); at >= 0; at = part.indexOf("\n", at + 1)) lines += 1;
  return lines;
}
