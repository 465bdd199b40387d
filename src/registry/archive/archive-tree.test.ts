import { describeSourceTree } from "#test/contracts/source-tree.ts";
import type { MemoryNode } from "#test/fixtures/memory-tree.ts";
import type { PackedEntry } from "#test/registry-servers/pack.ts";
import { packTar } from "#test/registry-servers/pack.ts";
import { resolveRegistryLimits } from "../options.ts";
import { unpack } from "./unpack.ts";

function entryOf(path: string, node: MemoryNode): PackedEntry {
  if (typeof node === "string" || node instanceof Uint8Array) return { path, content: Buffer.from(node) };
  if ("symlink" in node) return { path, type: "2", link: node.symlink };
  if ("executable" in node) return { path, content: node.executable, mode: 0o755 };
  throw new Error("archives have no submodules");
}

describeSourceTree("archive", async (files) => {
  const unpacked = await unpack(packTar(Object.entries(files).map(([path, node]) => entryOf(path, node))), {
    compression: "none",
    strip: false,
    subject: { text: "archive", key: "archive" },
    revision: "sha256:1",
    limits: resolveRegistryLimits(),
    signal: new AbortController().signal,
  });
  return unpacked.tree;
});
