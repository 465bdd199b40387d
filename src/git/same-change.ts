/** Whether two raw commits make the same change with the same words: only their moments, and so their signatures, differ. */
export function isSameChange(one: Uint8Array, other: Uint8Array): boolean {
  return timeless(one) === timeless(other);
}

function timeless(raw: Uint8Array): string {
  const text = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString("latin1");
  const end = text.indexOf("\n\n");
  const header = text
    .slice(0, end)
    .replace(/^(?<name>gpgsig\S*) .*(?:\n .*)*/mu, "$<name>")
    .replaceAll(/^(?<who>(?:author|committer) .*>) .*$/gmu, "$<who>");
  return header + text.slice(end);
}
