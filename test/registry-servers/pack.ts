import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";

export interface PackedEntry {
  readonly path: string;
  readonly content?: string | Buffer;
  /** POSIX type flag; a regular file unless told. */
  readonly type?: string;
  readonly link?: string;
  readonly mode?: number;
  /** What the header says instead of the content's length. */
  readonly size?: number;
}

function field(header: Buffer, at: number, text: string): void {
  header.write(text, at, "utf8");
}

function headerOf(entry: PackedEntry, size: number): Buffer {
  const header = Buffer.alloc(512);
  const octal = (value: number, length: number) => value.toString(8).padStart(length - 1, "0");
  field(header, 0, entry.path.slice(0, 100));
  field(header, 100, octal(entry.mode ?? 0o644, 8));
  field(header, 108, octal(0, 8));
  field(header, 116, octal(0, 8));
  field(header, 124, octal(size, 12));
  field(header, 136, octal(0, 12));
  field(header, 148, " ".repeat(8));
  field(header, 156, entry.type ?? "0");
  field(header, 157, entry.link ?? "");
  field(header, 257, "ustar\0" + "00");
  const sum = header.reduce((total, byte) => total + byte, 0);
  field(header, 148, `${sum.toString(8).padStart(6, "0")}\0 `);
  return header;
}

function padded(content: Buffer): Buffer {
  return Buffer.concat([content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

function attribute(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const length = (digits: number) => digits + Buffer.byteLength(rest);
  const total = length(String(length(String(length(1)).length)).length);
  return `${total}${rest}`;
}

function entryOf(entry: PackedEntry): Buffer {
  const content = Buffer.from(entry.content ?? "");
  const own = [headerOf(entry, entry.size ?? content.length), padded(content)];
  if (Buffer.byteLength(entry.path) <= 100) return Buffer.concat(own);
  const extra = Buffer.from(attribute("path", entry.path));
  return Buffer.concat([headerOf({ path: "PaxHeader", type: "x" }, extra.length), padded(extra), ...own]);
}

/** A tar archive, as hostile as the entries are. */
export function packTar(entries: readonly PackedEntry[]): Buffer {
  return Buffer.concat([...entries.map(entryOf), Buffer.alloc(1024)]);
}

/** A chart's archive: its files in one directory, compressed. */
export function packChart(
  name: string,
  version: string,
  files: Readonly<Record<string, string>> = {},
): Buffer {
  const all = { "Chart.yaml": `apiVersion: v2\nname: ${name}\nversion: ${version}\n`, ...files };
  return gzipSync(
    packTar(Object.entries(all).map(([path, content]) => ({ path: `${name}/${path}`, content }))),
  );
}

export function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
