import type { Draft, Leaf } from "./archive-tree.ts";
import { isDraft } from "./archive-tree.ts";
import type { TarEntry } from "./read-tar.ts";

export interface PlaceLimits {
  readonly maxEntries: number;
  readonly maxPathBytes: number;
}

/** An entry that an archive must not have, with the reason. */
export class RefusedEntry extends Error {
  override readonly name: string = "RefusedEntry";
}

const maxDepth = 100;

function shown(path: string): string {
  return JSON.stringify(path.length > 100 ? `${path.slice(0, 100)}…` : path);
}

/** The steps of a path that stays inside. Windows tools write backslashes, which Helm reads as slashes where there is no slash. */
function stepsOf(path: string, limits: PlaceLimits): readonly string[] {
  const slashed = path.includes("/") ? path : path.replaceAll("\\", "/");
  if (Buffer.byteLength(path) > limits.maxPathBytes)
    throw new RefusedEntry(`the path ${shown(path)} is too long`);
  if (path.startsWith("/") || /^[a-z]:[/\\]/i.test(path)) {
    throw new RefusedEntry(`the path ${shown(path)} is absolute`);
  }
  const steps = slashed.split("/").filter((step) => step !== "" && step !== ".");
  if (steps.includes("..")) throw new RefusedEntry(`the path ${shown(path)} leads out of it`);
  if (path.includes("\0")) throw new RefusedEntry(`the path ${shown(path)} has a zero byte`);
  if (steps.length > maxDepth) throw new RefusedEntry(`the path ${shown(path)} is nested too deeply`);
  return steps;
}

/** A link is followed from its own directory and must end inside what is unpacked. */
function checkLink(steps: readonly string[], target: string, limits: PlaceLimits): void {
  const link = `the link ${shown(steps.join("/"))}`;
  if (target === "" || target.startsWith("/") || /^[a-z]:[/\\]/i.test(target) || target.includes("\0")) {
    throw new RefusedEntry(`${link} has a target that is absolute or empty`);
  }
  if (Buffer.byteLength(target) > limits.maxPathBytes)
    throw new RefusedEntry(`${link} has a target too long`);
  let depth = steps.length - 1;
  for (const step of target.split("/")) {
    if (step === "..") depth -= 1;
    else if (step !== "" && step !== ".") depth += 1;
    if (depth < 0) throw new RefusedEntry(`${link} leads out of it`);
  }
}

/** Puts entries into a directory; what is unsafe or contradicts itself throws RefusedEntry. */
export class EntryPlacer {
  readonly root: Draft = { children: new Map() };
  readonly #limits: PlaceLimits;
  readonly #strip: boolean;
  #top: string | undefined;
  #entries = 0;

  /** With `strip` everything must be in one directory, whose name is left out. */
  constructor(limits: PlaceLimits, strip: boolean) {
    this.#limits = limits;
    this.#strip = strip;
  }

  place(entry: TarEntry): void {
    this.#entries += 1;
    if (this.#entries > this.#limits.maxEntries) {
      throw new RefusedEntry(`it has more than the ${this.#limits.maxEntries} entries that are allowed`);
    }
    if (entry.type === "device") throw new RefusedEntry(`${shown(entry.path)} is a device or a pipe`);
    const steps = this.#inside(entry.path, entry.type === "directory");
    if (entry.type === "directory") {
      this.#directory(steps);
      return;
    }
    const name = steps.at(-1);
    if (name === undefined) throw new RefusedEntry(`${shown(entry.path)} is no name for a file`);
    const parent = this.#directory(steps.slice(0, -1));
    const known = parent.children.get(name);
    if (known !== undefined && isDraft(known)) throw contradiction(steps);
    parent.children.set(name, this.#leafOf(entry, steps));
  }

  #leafOf(entry: TarEntry, steps: readonly string[]): Leaf {
    if (entry.type === "hardlink") return this.#linked(entry);
    if (entry.type === "symlink") {
      checkLink(steps, entry.linkPath, this.#limits);
      return { type: "symlink", executable: false, content: Buffer.from(entry.linkPath) };
    }
    // A copy: a part of a larger buffer would keep all of it.
    return { type: "file", executable: entry.executable, content: new Uint8Array(entry.content) };
  }

  /** A hard link is another name of a file that came before. */
  #linked({ path, linkPath }: TarEntry): Leaf {
    let node: Draft | Leaf | undefined = this.root;
    for (const step of this.#inside(linkPath, false)) {
      node = node !== undefined && isDraft(node) ? node.children.get(step) : undefined;
    }
    if (node === undefined || isDraft(node))
      throw new RefusedEntry(`the link ${shown(path)} leads to no file`);
    return node;
  }

  #inside(path: string, isDirectory: boolean): readonly string[] {
    const steps = stepsOf(path, this.#limits);
    if (!this.#strip) return steps;
    const [top, ...rest] = steps;
    if (top === undefined) return [];
    if (rest.length === 0 && !isDirectory) {
      throw new RefusedEntry(`${shown(path)} is beside the chart's directory instead of in it`);
    }
    this.#top ??= top;
    if (this.#top === top) return rest;
    throw new RefusedEntry(`it has two directories at its top, ${shown(this.#top)} and ${shown(top)}`);
  }

  #directory(steps: readonly string[]): Draft {
    let directory = this.root;
    for (const step of steps) {
      const known = directory.children.get(step);
      if (known !== undefined && !isDraft(known)) throw contradiction(steps);
      const next: Draft = known ?? { children: new Map() };
      directory.children.set(step, next);
      directory = next;
    }
    return directory;
  }
}

function contradiction(steps: readonly string[]): RefusedEntry {
  return new RefusedEntry(`${shown(steps.join("/"))} is a file and a directory`);
}
