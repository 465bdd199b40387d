const maxLength = 300;

/** What another system says, as one line that may be shown: without control characters, and cut where it is long. */
export function boundText(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ").trim();
  return line.length > maxLength ? `${line.slice(0, maxLength)}…` : line;
}
