import type { TreeEntry } from "#ports/source-tree.ts";

export type TreeEntries = ReadonlyMap<string, TreeEntry>;

function typeOf(mode: string): TreeEntry["type"] {
  if (mode === "40000" || mode === "040000") return "directory";
  if (mode === "120000") return "symlink";
  return mode === "160000" ? "submodule" : "file";
}

/** Names that no honest repository has and that would lead out of the tree if someone joined them to a path. */
function isUnsafeName(name: string): boolean {
  return name === "" || name === "." || name === ".." || name.includes("/");
}

/**
 * Entries of a raw tree object (mode, space, name, NUL, object id) sorted by name. Of two entries with one name the first
 * counts; entries whose name could climb out of the tree are left out. Throws when the bytes are no tree.
 */
export function parseTree(raw: Uint8Array, oidBytes: 20 | 32): TreeEntries {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  const entries: TreeEntry[] = [];
  let at = 0;
  while (at < bytes.length) {
    const space = bytes.indexOf(32, at);
    const end = space < 0 ? -1 : bytes.indexOf(0, space);
    if (end < 0 || end + 1 + oidBytes > bytes.length) throw new Error("tree object is cut off");
    const mode = bytes.toString("latin1", at, space);
    const name = bytes.toString("utf8", space + 1, end);
    at = end + 1 + oidBytes;
    const oid = bytes.toString("hex", end + 1, at);
    const type = typeOf(mode);
    if (!isUnsafeName(name)) entries.push({ name, type, oid, executable: mode === "100755" });
  }
  const byName = new Map<string, TreeEntry>();
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)))) {
    if (!byName.has(entry.name)) byName.set(entry.name, entry);
  }
  return byName;
}
