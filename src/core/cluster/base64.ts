const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The UTF-8 text behind base64 (RFC 4648 §4, line breaks ignored), or undefined when it is neither. */
export function decodeBase64(encoded: string): string | undefined {
  const text = encoded.replaceAll(/\s/gu, "");
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/u.test(text)) return undefined;
  const escaped: string[] = [];
  let bits = 0;
  let count = 0;
  for (const character of text.replace(/=+$/u, "")) {
    bits = (bits << 6) | alphabet.indexOf(character);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    escaped.push(`%${((bits >> count) & 0xff).toString(16).padStart(2, "0")}`);
    bits &= (1 << count) - 1;
  }
  return decodeEscaped(escaped.join(""));
}

function decodeEscaped(escaped: string): string | undefined {
  try {
    return decodeURIComponent(escaped);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

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
