import { plainText } from "./shielded.ts";

/** Rows as columns two spaces apart, as kubectl and argocd print them; no spaces at the end of a line. A cell stays in its line. */
export function formatTable(given: readonly (readonly string[])[]): string {
  const rows = given.map((row) => row.map((cell) => plainText(cell).replaceAll(/[\n\t]/gu, " ")));
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  }
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, i) => cell.padEnd(widths[i] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

/** A value that must stay on its line: line breaks become spaces. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s*[\r\n]+\s*/gu, " ").trim();
}
