import { createHash } from "node:crypto";
import { MooringError } from "#core/errors/index.ts";
import type { SourceTree, TreeEntry } from "#ports/source-tree.ts";
import { throwIfAborted } from "#runtime/abort.ts";

export interface Leaf {
  readonly type: "file" | "symlink";
  readonly executable: boolean;
  readonly content: Uint8Array;
}

interface FileNode extends Leaf {
  readonly oid: string;
}

interface DirectoryNode {
  readonly type: "directory";
  readonly oid: string;
  readonly entries: ReadonlyMap<string, TreeEntry>;
  readonly children: ReadonlyMap<string, Node>;
}

type Node = FileNode | DirectoryNode;

/** Directories while files are put in; ids are given when all are there. */
export interface Draft {
  readonly children: Map<string, Draft | Leaf>;
}

export function isDraft(node: Draft | Leaf): node is Draft {
  return "children" in node;
}

function finish(draft: Draft): DirectoryNode {
  const children = new Map<string, Node>();
  const entries = new Map<string, TreeEntry>();
  const hash = createHash("sha256");
  const byName = [...draft.children].toSorted(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, child] of byName) {
    const node: Node = isDraft(child) ? finish(child) : { ...child, oid: oidOf(child.content) };
    const executable = node.type !== "directory" && node.executable;
    children.set(name, node);
    entries.set(name, { name, type: node.type, oid: node.oid, executable });
    hash.update(`${node.type} ${executable} ${node.oid} ${name.length} ${name}\n`);
  }
  return { type: "directory", oid: hash.digest("hex"), entries, children };
}

function oidOf(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Files in memory, those of one archive. Object ids are SHA-256: of a file its content, of a directory its entries. */
export class ArchiveTree implements SourceTree {
  readonly revision: string;
  readonly #subject: string;
  readonly #root: DirectoryNode;

  /** `subject` is how messages name the archive. */
  constructor(draft: Draft, named: { readonly revision: string; readonly subject: string }) {
    this.revision = named.revision;
    this.#subject = named.subject;
    this.#root = finish(draft);
  }

  async stat(path: string, signal: AbortSignal): Promise<TreeEntry | undefined> {
    throwIfAborted(signal);
    const slash = path.lastIndexOf("/");
    if (path === "") return { name: "", type: "directory", oid: this.#root.oid, executable: false };
    const parent = this.#find(path.slice(0, Math.max(0, slash)));
    return parent?.type === "directory" ? parent.entries.get(path.slice(slash + 1)) : undefined;
  }

  async list(path: string, signal: AbortSignal): Promise<readonly TreeEntry[] | undefined> {
    throwIfAborted(signal);
    const found = this.#find(path);
    return found?.type === "directory" ? [...found.entries.values()] : undefined;
  }

  async read(
    path: string,
    options: { readonly maxBytes: number; readonly signal: AbortSignal },
  ): Promise<Uint8Array> {
    throwIfAborted(options.signal);
    const found = this.#find(path);
    const shown = JSON.stringify(path);
    if (found === undefined || found.type === "directory") {
      const what = found === undefined ? "is missing" : "is a directory, not a file";
      throw new MooringError("GIT_PATH_NOT_FOUND", `${this.#subject}: ${shown} ${what}; correct the path`);
    }
    const { length } = found.content;
    if (length > options.maxBytes) {
      const sizes = `has ${length} bytes, more than the ${options.maxBytes} that are allowed`;
      throw new MooringError(
        "GIT_TOO_LARGE",
        `${this.#subject}: ${shown} ${sizes}; make it smaller or raise the limit`,
      );
    }
    return found.content.slice();
  }

  #find(path: string): Node | undefined {
    let node: Node | undefined = this.#root;
    for (const name of path === "" ? [] : path.split("/")) {
      node = node?.type === "directory" ? node.children.get(name) : undefined;
    }
    return node;
  }
}
