import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { Header, Pax } from "tar";
import { MooringError } from "#core/errors/index.ts";
import type { SourceTree, TreeEntry } from "#ports/source-tree.ts";

const blockBytes = 512;
const endBlocks = 2;
const compress = promisify(gzip);
/** ustar keeps so many bytes of a name; longer ones go into a pax header before it. */
const maxPlainNameBytes = 100;
const maxDepth = 100;

export interface ArchiveOptions {
  /** Of the files together, before compression. */
  readonly maxBytes: number;
  /** False for what is left out, by its path. */
  readonly include: (path: string) => boolean;
  readonly signal: AbortSignal;
}

/**
 * The files of a tree as tar+gzip, as a plugin's sidecar takes them: links as links, submodules as empty directories, times left
 * out so that equal trees are equal archives. Throws RENDER_TOO_LARGE beyond the limit.
 */
export async function archiveTree(tree: SourceTree, options: ArchiveOptions): Promise<Buffer> {
  const archive: Archiving = { tree, options, blocks: [], bytes: 0 };
  await addDirectory(archive, "", 0);
  archive.blocks.push(Buffer.alloc(endBlocks * blockBytes));
  return compress(Buffer.concat(archive.blocks));
}

interface Archiving {
  readonly tree: SourceTree;
  readonly options: ArchiveOptions;
  readonly blocks: Buffer[];
  bytes: number;
}

async function addDirectory(archive: Archiving, directory: string, depth: number): Promise<void> {
  if (depth > maxDepth)
    throw new MooringError("RENDER_TOO_LARGE", `${directory}: directories are nested too deeply`);
  for (const entry of (await archive.tree.list(directory, archive.options.signal)) ?? []) {
    const path = directory === "" ? entry.name : `${directory}/${entry.name}`;
    if (!archive.options.include(path)) continue;
    if (entry.type === "directory" || entry.type === "submodule") {
      addHeader(archive, { path: `${path}/`, type: "Directory", mode: 0o755, size: 0 });
      if (entry.type === "directory") await addDirectory(archive, path, depth + 1);
    } else await addFile(archive, path, entry);
  }
}

async function addFile(archive: Archiving, path: string, entry: TreeEntry): Promise<void> {
  const { maxBytes, signal } = archive.options;
  const content = await archive.tree.read(path, { maxBytes, signal });
  archive.bytes += content.length;
  if (archive.bytes > maxBytes) {
    throw new MooringError(
      "RENDER_TOO_LARGE",
      `${path}: the files for the plugin are together larger than the limit of ${maxBytes} bytes; exclude some of them, or raise the limit`,
    );
  }
  if (entry.type === "symlink") {
    const linkpath = new TextDecoder().decode(content);
    addHeader(archive, { path, type: "SymbolicLink", mode: 0o777, size: 0, linkpath });
    return;
  }
  addHeader(archive, { path, type: "File", mode: entry.executable ? 0o755 : 0o644, size: content.length });
  archive.blocks.push(Buffer.from(content), padding(content.length));
}

interface TarEntry {
  readonly path: string;
  readonly type: "File" | "Directory" | "SymbolicLink";
  readonly mode: number;
  readonly size: number;
  readonly linkpath?: string;
}

function addHeader(archive: Archiving, entry: TarEntry): void {
  const { path, linkpath } = entry;
  const isLong = [path, linkpath ?? ""].some((name) => Buffer.byteLength(name) > maxPlainNameBytes);
  const isPlain = /^[\x20-\x7e]*$/u.test(`${path}${linkpath ?? ""}`);
  if (isLong || !isPlain) {
    archive.blocks.push(new Pax({ path, ...(linkpath === undefined ? {} : { linkpath }) }, false).encode());
  }
  const header = new Header({ ...entry, uid: 0, gid: 0, mtime: new Date(0) });
  const block = Buffer.alloc(blockBytes);
  header.encode(block, 0);
  archive.blocks.push(block);
}

function padding(size: number): Buffer {
  return Buffer.alloc((blockBytes - (size % blockBytes)) % blockBytes);
}
