import { createHash } from "node:crypto";
import { MooringError } from "#core/errors/index.ts";
import type { SourceTree, TreeEntry } from "#ports/source-tree.ts";

/** Single files as a tree that has nothing besides; `files` by slash-separated path. */
export function createFilesTree(files: ReadonlyMap<string, string>): SourceTree {
  const contents = new Map([...files].map(([path, text]) => [path, new TextEncoder().encode(text)]));
  const entryOf = (path: string): TreeEntry | undefined => {
    const name = path.split("/").at(-1) ?? "";
    const bytes = contents.get(path);
    if (bytes !== undefined) return { name, type: "file", oid: oidOf(bytes), executable: false };
    const below = [...contents].filter(([one]) => path === "" || one.startsWith(`${path}/`));
    if (below.length === 0 && path !== "") return undefined;
    const oid = oidOf(...below.flatMap(([one, of]) => [new TextEncoder().encode(one), of]));
    return { name, type: "directory", oid, executable: false };
  };
  const namesIn = (path: string): readonly string[] => {
    const start = path === "" ? "" : `${path}/`;
    const below = [...contents.keys()].filter((one) => one.startsWith(start));
    return [...new Set(below.map((one) => one.slice(start.length).split("/")[0] ?? ""))].toSorted();
  };
  return {
    revision: "",
    stat: (path) => Promise.resolve(entryOf(path)),
    list: (path) => {
      if (entryOf(path)?.type !== "directory") return Promise.resolve(undefined);
      const start = path === "" ? "" : `${path}/`;
      const entries = namesIn(path).map((name) => entryOf(`${start}${name}`));
      return Promise.resolve(entries.filter((entry) => entry !== undefined));
    },
    read: (path, { maxBytes }) => {
      const bytes = contents.get(path);
      if (bytes === undefined)
        return Promise.reject(new MooringError("GIT_PATH_NOT_FOUND", `${path}: there is no such file`));
      if (bytes.length > maxBytes)
        return Promise.reject(
          new MooringError(
            "GIT_TOO_LARGE",
            `${path}: ${bytes.length} bytes are more than ${maxBytes}; split it`,
          ),
        );
      return Promise.resolve(bytes);
    },
  };
}

function oidOf(...parts: readonly Uint8Array[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${part.length} `).update(part);
  return hash.digest("hex");
}
