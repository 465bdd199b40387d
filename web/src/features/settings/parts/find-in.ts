/** Whether every word of a search stands somewhere in the texts, in whatever case. */
export function isFound(search: string, texts: readonly (string | undefined)[]): boolean {
  const words = search
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== "");
  if (words.length === 0) return true;
  const all = texts
    .filter((text) => text !== undefined)
    .join("\n")
    .toLowerCase();
  return words.every((word) => all.includes(word));
}
