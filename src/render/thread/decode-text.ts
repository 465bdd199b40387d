import { ManifestError } from "./manifest-error.ts";

/**
 * Text of a file: UTF-8, or UTF-16 when it begins with that byte order mark. Throws RENDER_INVALID at the first line that
 * is not text.
 */
export function decodeText(file: string, bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return decode(file, bytes, "utf-16le");
  if (first === 0xfe && second === 0xff) return decode(file, bytes, "utf-16be");
  return decode(file, bytes, "utf-8");
}

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const control = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/;

function decode(file: string, bytes: Uint8Array, encoding: "utf-8" | "utf-16le" | "utf-16be"): string {
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new ManifestError(
      { file, line: lineOfBadText(bytes, encoding) },
      `not valid ${encoding.toUpperCase()} text; save the file as UTF-8, or put binary content into base64`,
    );
  }
  const at = text.search(control);
  if (at >= 0) {
    const code = text.charCodeAt(at).toString(16).padStart(2, "0");
    throw new ManifestError(
      { file, line: lineAt(text, at) },
      `control character 0x${code} is not allowed; remove it, or escape it in a double-quoted string`,
    );
  }
  return text;
}

/** Line of an offset, counted from 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) line += 1;
  return line;
}

function lineOfBadText(bytes: Uint8Array, encoding: string): number {
  const text = new TextDecoder(encoding).decode(bytes);
  return lineAt(text, Math.max(0, text.indexOf("\uFFFD")));
}
