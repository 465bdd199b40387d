type TarType =
  | "file"
  | "directory"
  | "symlink"
  | "hardlink"
  | "attributes"
  | "global-attributes"
  | "long-name"
  | "long-link"
  | "device";

export interface TarHeader {
  readonly type: TarType;
  readonly path: string;
  readonly linkPath: string;
  readonly size: number;
  readonly executable: boolean;
}

export const blockBytes = 512;

const types: Readonly<Record<string, TarType>> = {
  "\0": "file",
  "0": "file",
  "7": "file",
  "1": "hardlink",
  "2": "symlink",
  "3": "device",
  "4": "device",
  "5": "directory",
  "6": "device",
  x: "attributes",
  g: "global-attributes",
  L: "long-name",
  K: "long-link",
};

function text(block: Buffer, start: number, length: number): string {
  const field = block.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString("utf8", 0, end === -1 ? length : end);
}

/** An octal number, or GNU's binary one where its first bit is set; NaN when it is neither. */
function number(block: Buffer, start: number, length: number): number {
  const first = block[start] ?? 0;
  if (first === 0x80) return Number.parseInt(block.subarray(start + 1, start + length).toString("hex"), 16);
  if (first > 0x80) return Number.NaN;
  const digits = text(block, start, length).trim();
  if (digits === "") return 0;
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
}

function checksumOf(block: Buffer): number {
  let sum = 8 * 0x20;
  for (const [at, byte] of block.entries()) if (at < 148 || at >= 156) sum += byte;
  return sum;
}

/** Reads one header (POSIX ustar with the GNU extensions); undefined when the block is none. */
export function parseTarHeader(block: Buffer): TarHeader | undefined {
  if (number(block, 148, 8) !== checksumOf(block)) return undefined;
  const size = number(block, 124, 12);
  const type = types[String.fromCharCode(block[156] ?? 0)];
  if (type === undefined || !Number.isSafeInteger(size)) return undefined;
  const prefix = text(block, 257, 6) === "ustar" ? text(block, 345, 155) : "";
  const name = text(block, 0, 100);
  return {
    type,
    path: prefix === "" ? name : `${prefix}/${name}`,
    linkPath: text(block, 157, 100),
    size: ["file", "attributes", "global-attributes", "long-name", "long-link"].includes(type) ? size : 0,
    executable: (number(block, 100, 8) & 0o111) !== 0,
  };
}

/** The records of a pax header (`12 path=x\n`); undefined when it is broken. */
export function parseAttributes(content: Buffer): ReadonlyMap<string, string> | undefined {
  const attributes = new Map<string, string>();
  for (let at = 0; at < content.length;) {
    const space = content.indexOf(0x20, at);
    const length = Number(content.toString("latin1", at, Math.max(at, space)));
    const end = at + length;
    if (space < 0 || !Number.isInteger(length) || length <= 0 || end > content.length) return undefined;
    const record = content.toString("utf8", space + 1, end - 1);
    const equals = record.indexOf("=");
    if (equals < 0 || content[end - 1] !== 0x0a) return undefined;
    attributes.set(record.slice(0, equals), record.slice(equals + 1));
    at = end;
  }
  return attributes;
}
