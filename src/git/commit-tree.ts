import { isAbortError, isMooringError, MooringError } from "#core/errors/index.ts";
import type { SourceTree, TreeEntry } from "#ports/source-tree.ts";
import { waitOrAbort } from "#runtime/abort.ts";
import type { Mirror } from "./mirror.ts";
import type { TreeCache } from "./tree-cache.ts";
import type { TreeEntries } from "./tree-object.ts";
import { parseTree } from "./tree-object.ts";

export interface CommitTreeOptions {
  readonly mirror: Mirror;
  readonly trees: TreeCache;
  /** How messages name the repository. */
  readonly url: string;
  readonly commit: string;
  readonly rootTree: string;
  readonly maxObjectBytes: number;
  /** Told when the mirror misses an object that it must have. */
  readonly onDamage: () => void;
  /** Ends reads that several callers share. */
  readonly storeSignal: AbortSignal;
}

/** The tree of one commit, read from its mirror as far as it is asked for. */
export class CommitTree implements SourceTree {
  readonly revision: string;
  readonly #options: CommitTreeOptions;
  readonly #root: TreeEntry;

  constructor(options: CommitTreeOptions) {
    this.#options = options;
    this.revision = options.commit;
    this.#root = { name: "", type: "directory", oid: options.rootTree, executable: false };
  }

  async stat(path: string, signal: AbortSignal): Promise<TreeEntry | undefined> {
    this.#options.mirror.use(this.revision);
    let entry: TreeEntry | undefined = this.#root;
    if (path === "") return entry;
    for (const name of path.split("/")) {
      if (entry?.type !== "directory") return undefined;
      // Empty components, `.` and `..` are in no listing, so an absolute or climbing path is missing.
      entry = (await this.#entries(entry, signal)).get(name);
    }
    return entry;
  }

  async list(path: string, signal: AbortSignal): Promise<readonly TreeEntry[] | undefined> {
    const entry = await this.stat(path, signal);
    if (entry?.type !== "directory") return undefined;
    return [...(await this.#entries(entry, signal)).values()];
  }

  async read(
    path: string,
    options: { readonly maxBytes: number; readonly signal: AbortSignal },
  ): Promise<Uint8Array> {
    const entry = await this.stat(path, options.signal);
    if (entry === undefined || entry.type === "directory" || entry.type === "submodule") {
      const what = entry === undefined ? "is missing" : `is a ${entry.type}, not a file`;
      throw this.#error("GIT_PATH_NOT_FOUND", `${JSON.stringify(path)} ${what}; correct the path`);
    }
    return await this.#object(entry.oid, { ...options, type: "blob", what: JSON.stringify(path) });
  }

  async #entries(directory: TreeEntry, signal: AbortSignal): Promise<TreeEntries> {
    const { mirror, trees, maxObjectBytes, storeSignal } = this.#options;
    const load = async () => {
      const raw = await this.#object(directory.oid, {
        type: "tree",
        what: `directory ${JSON.stringify(directory.name)}`,
        maxBytes: maxObjectBytes,
        signal: storeSignal,
      });
      try {
        return parseTree(raw, mirror.oidBytes);
      } catch (error) {
        throw this.#damage(`directory ${JSON.stringify(directory.name)}`, error);
      }
    };
    const held = trees.peek(directory.oid);
    return held ?? (await waitOrAbort(trees.load(directory.oid, load), signal));
  }

  async #object(
    oid: string,
    want: {
      readonly type: "blob" | "tree";
      readonly what: string;
      readonly maxBytes: number;
      readonly signal: AbortSignal;
    },
  ): Promise<Uint8Array> {
    const { reader } = this.#options.mirror;
    try {
      const known = await reader.info(oid, want.signal);
      if (known.found && known.size > want.maxBytes) {
        const sizes = `has ${known.size} bytes, more than the ${want.maxBytes} that are allowed`;
        throw this.#error("GIT_TOO_LARGE", `${want.what} ${sizes}; make it smaller or raise the limit`);
      }
      const reply = known.found ? await reader.contents(oid, want.signal) : known;
      if (reply.found && reply.type === want.type && reply.content !== undefined) return reply.content;
      throw this.#damage(want.what);
    } catch (error) {
      if (isMooringError(error) || isAbortError(error)) throw error;
      throw this.#damage(want.what, error);
    }
  }

  #damage(what: string, cause?: unknown): MooringError {
    this.#options.onDamage();
    return this.#error(
      "GIT_FAILED",
      `${what} cannot be read from the mirror; it will be fetched anew`,
      cause,
    );
  }

  #error(
    code: "GIT_PATH_NOT_FOUND" | "GIT_TOO_LARGE" | "GIT_FAILED",
    text: string,
    cause?: unknown,
  ): MooringError {
    const { url, commit } = this.#options;
    const message = `repository ${url} at ${commit.slice(0, 12)}: ${text}`;
    return new MooringError(code, message, { key: url, ...(cause !== undefined && { cause }) });
  }
}
