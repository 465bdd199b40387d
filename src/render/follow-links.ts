import { setImmediate } from "node:timers/promises";
import { MooringError } from "#core/errors/index.ts";
import type { TreeEntry } from "#ports/source-tree.ts";
import { mountOf } from "./source-view.ts";
import type { TracedTree } from "./traced-tree.ts";

/** Steps of one render along links. Real ones take a few for each link; links of links could otherwise take hours. */
const maxSteps = 500_000;
/** What is known already answers at once: without a pause, timers and other work would wait for all of it. */
const stepsAtOnce = 2_000;
/** Linux gives up after as many links (ELOOP). */
const maxLinks = 40;
const maxTargetBytes = 4096;
const maxPathLength = 4096;

export interface ResolvedPath {
  /** Path without symbolic links. */
  readonly path: string;
  readonly entry: TreeEntry;
}

/**
 * Follows symbolic links inside the tree or the mount that the path begins in. Undefined when nothing is there; throws
 * RENDER_INVALID naming the path when it or a link is absolute, climbs out or runs in a circle: nothing outside the
 * repository is ever read.
 */
export async function followLinks(
  tree: TracedTree,
  path: string,
  signal: AbortSignal,
): Promise<ResolvedPath | undefined> {
  if (path.length > maxPathLength) throw outside(`${path.slice(0, 80)}…`, "path is too long");
  const isPlain = !path.split("/").some((part) => part === ".." || part === ".");
  const direct = isPlain ? await tree.stat(path, signal) : undefined;
  if (direct !== undefined && direct.type !== "symlink") return { path, entry: direct };
  return new Walk(tree, path, signal).run();
}

class Walk {
  readonly #tree: TracedTree;
  readonly #path: string;
  readonly #signal: AbortSignal;
  readonly #top: string;
  readonly #pending: string[];
  readonly #done: string[] = [];
  #links = 0;

  constructor(tree: TracedTree, path: string, signal: AbortSignal) {
    this.#tree = tree;
    this.#path = path;
    this.#signal = signal;
    this.#top = mountOf(path);
    this.#pending = path.slice(this.#top.length).split("/").toReversed();
  }

  async run(): Promise<ResolvedPath | undefined> {
    for (let part = this.#pending.pop(); part !== undefined; part = this.#pending.pop()) {
      await this.#count();
      if (part === "" || part === ".") continue;
      if (part === "..") this.#up();
      else if (!(await this.#enter(part))) return undefined;
    }
    const path = this.#here();
    const entry = await this.#tree.stat(path, this.#signal);
    return entry === undefined ? undefined : { path, entry };
  }

  #here(...below: readonly string[]): string {
    return [...(this.#top === "" ? [] : [this.#top]), ...this.#done, ...below].join("/");
  }

  #up(): void {
    if (this.#done.pop() === undefined) throw outside(this.#path, this.#describe());
  }

  async #enter(part: string): Promise<boolean> {
    const here = this.#here(part);
    const entry = await this.#tree.stat(here, this.#signal);
    if (entry === undefined) return false;
    if (entry.type !== "symlink") {
      this.#done.push(part);
      return true;
    }
    this.#links += 1;
    if (this.#links > maxLinks)
      throw outside(this.#path, "symbolic links run in a circle; remove one of them");
    const content = await this.#tree.read(here, { maxBytes: maxTargetBytes, signal: this.#signal });
    const target = new TextDecoder().decode(content);
    if (target.startsWith("/")) throw outside(this.#path, this.#describe());
    this.#pending.push(...target.split("/").toReversed());
    return true;
  }

  async #count(): Promise<void> {
    const steps = this.#tree.countStep();
    if (steps > maxSteps) {
      throw new MooringError(
        "RENDER_TOO_LARGE",
        `${this.#path}: symbolic links take more than ${maxSteps} steps; replace them by copies of the files`,
      );
    }
    if (steps % stepsAtOnce !== 0) return;
    await setImmediate();
    this.#signal.throwIfAborted();
  }

  #describe(): string {
    return this.#links > 0
      ? "symbolic link leads out of the repository; replace it by a copy of the file or exclude it"
      : "path leads out of the repository; nothing outside of it can be read";
  }
}

function outside(path: string, problem: string): MooringError {
  return new MooringError("RENDER_INVALID", `${path}: ${problem}`);
}
