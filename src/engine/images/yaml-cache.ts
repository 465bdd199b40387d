import type { SourceTree } from "#ports/source-tree.ts";
import type { FoundFile } from "./walk-yaml.ts";
import { walkYaml } from "./walk-yaml.ts";

/** Characters of files that are kept; what is more is read again. */
const maxKept = 64 * 1024 * 1024;

/** The YAML files of one tree, for many who look into the same paths, with what was changed in them meanwhile. */
export class YamlCache {
  readonly #tree: SourceTree;
  readonly #signal: AbortSignal;
  readonly #lists = new Map<string, readonly FoundFile[]>();
  readonly #changed = new Map<string, string>();
  #kept = 0;

  constructor(tree: SourceTree, signal: AbortSignal) {
    this.#tree = tree;
    this.#signal = signal;
  }

  /** Whole files by path. */
  get changed(): ReadonlyMap<string, string> {
    return this.#changed;
  }

  change(files: Iterable<FoundFile>): void {
    for (const { path, text } of files) this.#changed.set(path, text);
  }

  /** As `walkYaml` gives them. */
  async *walk(path: string): AsyncGenerator<FoundFile> {
    for await (const file of this.#lists.get(path) ?? this.#read(path))
      yield { path: file.path, text: this.#changed.get(file.path) ?? file.text };
  }

  async *#read(path: string): AsyncGenerator<FoundFile> {
    const list: FoundFile[] = [];
    let size = 0;
    for await (const file of walkYaml(this.#tree, path, this.#signal)) {
      size += file.text.length;
      if (this.#kept + size <= maxKept) list.push(file);
      yield file;
    }
    if (this.#kept + size > maxKept) return;
    this.#kept += size;
    this.#lists.set(path, list);
  }
}
