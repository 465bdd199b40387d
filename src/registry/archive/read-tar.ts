import type { TarHeader } from "./tar-header.ts";
import { blockBytes, parseAttributes, parseTarHeader } from "./tar-header.ts";

export interface TarEntry {
  readonly type: "file" | "directory" | "symlink" | "hardlink" | "device";
  readonly path: string;
  readonly linkPath: string;
  readonly executable: boolean;
  readonly content: Buffer;
}

/** A tar archive that cannot be read, with the reason. */
export class BrokenTar extends Error {
  override readonly name: string = "BrokenTar";
}

/** What a name or attribute header may have; no real one comes near. */
const maxAttributeBytes = 1024 * 1024;

/** Bytes by count from chunks of any size. */
class ByteReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #held: Buffer[] = [];
  #length = 0;

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The next bytes; fewer at the end of the input. */
  async read(count: number): Promise<Buffer> {
    while (this.#length < count) {
      const next = await this.#chunks.next();
      if (next.done === true) break;
      this.#held.push(next.value);
      this.#length += next.value.length;
    }
    const [first] = this.#held;
    const all = this.#held.length === 1 && first !== undefined ? first : Buffer.concat(this.#held);
    const rest = all.subarray(count);
    this.#held = rest.length === 0 ? [] : [rest];
    this.#length = rest.length;
    return all.subarray(0, count);
  }
}

interface Extended {
  path?: string;
  linkPath?: string;
  size?: number;
}

function extend(extended: Extended, type: TarHeader["type"], content: Buffer): void {
  const name = () => content.toString("utf8").replace(/\0[\s\S]*$/, "");
  if (type === "long-name") extended.path = name();
  if (type === "long-link") extended.linkPath = name();
  if (type !== "attributes") return;
  const attributes = parseAttributes(content);
  if (attributes === undefined) throw new BrokenTar("a header with attributes is damaged");
  const [path, linkPath, size] = ["path", "linkpath", "size"].map((key) => attributes.get(key));
  if (path !== undefined) extended.path = path;
  if (linkPath !== undefined) extended.linkPath = linkPath;
  if (size !== undefined) extended.size = Number(size);
}

/**
 * The entries of an uncompressed tar archive, one after the other. `admit` is told of each file's size before its content is read
 * and throws when it is too much. Throws BrokenTar.
 */
export async function* readTar(
  chunks: AsyncIterable<Buffer>,
  admit: (bytes: number) => void,
): AsyncGenerator<TarEntry> {
  const reader = new ByteReader(chunks);
  let extended: Extended = {};
  for (;;) {
    const block = await reader.read(blockBytes);
    // The end is two empty blocks; many writers leave out one or both.
    if (block.length === 0 || isEmpty(block)) return;
    const header = block.length === blockBytes ? parseTarHeader(block) : undefined;
    if (header === undefined) throw new BrokenTar("a header is damaged or not of a tar archive");
    const isFile = header.type === "file";
    const size = isFile ? (extended.size ?? header.size) : header.size;
    if (!Number.isSafeInteger(size) || size < 0) throw new BrokenTar("a size is not a number");
    admit(size);
    if (!isFile && size > maxAttributeBytes) throw new BrokenTar("a header with attributes is too long");
    const content = await reader.read(Math.ceil(size / blockBytes) * blockBytes);
    if (content.length < size) throw new BrokenTar("it ends in the middle of a file");
    const { type } = header;
    const own = content.subarray(0, size);
    if (type === "global-attributes") continue;
    if (type === "attributes" || type === "long-name" || type === "long-link") {
      extend(extended, type, own);
      continue;
    }
    const { path = header.path, linkPath = header.linkPath } = extended;
    // Before there were types, a slash at the end made a directory.
    const isDirectory = isFile && path.endsWith("/") && size === 0;
    yield {
      type: isDirectory ? "directory" : type,
      path,
      linkPath,
      executable: header.executable,
      content: own,
    };
    extended = {};
  }
}

function isEmpty(block: Buffer): boolean {
  return block.every((byte) => byte === 0);
}
