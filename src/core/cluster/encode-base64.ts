const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Standard base64 (RFC 4648 section 4) of the text's UTF-8 bytes, as a Secret's `data` carries it. */
export function encodeBase64(text: string): string {
  const bytes = encodeURIComponent(text.toWellFormed()).match(/%[0-9A-F]{2}|[^%]/gu) ?? [];
  let encoded = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b, c] = bytes.slice(at, at + 3).map(byteOf);
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    encoded += sextet(bits, 18) + sextet(bits, 12);
    encoded += b === undefined ? "=" : sextet(bits, 6);
    encoded += c === undefined ? "=" : sextet(bits, 0);
  }
  return encoded;
}

function byteOf(token: string): number {
  return token.length === 1 ? (token.codePointAt(0) ?? 0) : Number.parseInt(token.slice(1), 16);
}

function sextet(bits: number, shift: number): string {
  return alphabet.charAt((bits >> shift) & 0x3f);
}
