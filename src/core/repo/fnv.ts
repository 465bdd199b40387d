/** FNV-1a of 32 bits over UTF-8 (http://www.isthe.com/chongo/tech/comp/fnv/), by which Argo CD names its Secrets. */
export function fnv32a(text: string): number {
  let hash = 0x811c9dc5;
  for (const token of encodeURIComponent(text.toWellFormed()).match(/%[0-9A-F]{2}|[^%]/gu) ?? []) {
    const byte = token.length === 1 ? (token.codePointAt(0) ?? 0) : Number.parseInt(token.slice(1), 16);
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash;
}
