import type { DiffRow } from "./diff-rows.ts";

export type ShownRow =
  | { readonly look: "row"; readonly row: DiffRow; readonly index: number }
  | {
      readonly look: "fold";
      /** The first row that is hidden, by which it is opened. */
      readonly index: number;
      readonly count: number;
      /** Where in the object the next shown row is. */
      readonly path: string;
    };

/** So many lines around a change are shown. */
const around = 3;
/** A fold that hides less is not worth it. */
const minHidden = 4;

/** Hides what is the same, but around changes and where somebody opened it. */
export function foldRows(rows: readonly DiffRow[], opened: ReadonlySet<number>): readonly ShownRow[] {
  const shown: ShownRow[] = [];
  let start = 0;
  while (start < rows.length) {
    let end = start;
    while (end < rows.length && rows[end]?.change === "same") end += 1;
    if (end === start) {
      const row = rows[start];
      if (row !== undefined) shown.push({ look: "row", row, index: start });
      start += 1;
      continue;
    }
    const from = start === 0 ? 0 : start + around;
    const to = end === rows.length ? end : end - around;
    const isFolded = to - from >= minHidden && !opened.has(from);
    for (let i = start; i < end; i += 1) {
      const row = rows[i];
      if (isFolded && i === from)
        shown.push({ look: "fold", index: from, count: to - from, path: rows[to]?.path ?? "" });
      if (row !== undefined && !(isFolded && i >= from && i < to)) shown.push({ look: "row", row, index: i });
    }
    start = end;
  }
  return shown;
}

/** For one column: what is removed stands above what comes in its place. */
export function inlineRows(rows: readonly DiffRow[]): readonly DiffRow[] {
  const inline: DiffRow[] = [];
  let after: DiffRow[] = [];
  const flush = (): void => {
    inline.push(...after);
    after = [];
  };
  for (const row of rows) {
    if (row.change === "same") {
      flush();
      inline.push(row);
      continue;
    }
    if (row.left !== undefined) {
      const change = row.change === "ignored" ? "ignored" : "removed";
      inline.push({ ...row, change, right: undefined });
    }
    if (row.right !== undefined) {
      const change = row.change === "ignored" ? "ignored" : "added";
      after.push({ ...row, change, left: undefined });
    }
  }
  flush();
  return inline;
}

/** What two lines have in common at both ends, and what differs between. */
export function differingPart(
  text: string,
  other: string | undefined,
): readonly [before: string, middle: string, after: string] {
  if (other === undefined || text === other) return [text, "", ""];
  let start = 0;
  while (start < text.length && text[start] === other[start]) start += 1;
  let end = 0;
  const most = Math.min(text.length, other.length) - start;
  while (end < most && text[text.length - 1 - end] === other[other.length - 1 - end]) end += 1;
  return [text.slice(0, start), text.slice(start, text.length - end), text.slice(text.length - end)];
}
