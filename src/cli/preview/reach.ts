import { isMooringError } from "#core/errors/index.ts";
import { climbingPaths, pathInside } from "#core/preview/index.ts";
import type { SourceTree, TreeEntry } from "#ports/source-tree.ts";
import type { ChangedPaths } from "./changed-paths.ts";

/** Files by which a directory may refer to what is outside of it, and in which all others may do so too. */
const kustomization = /^(?:kustomization\.ya?ml|Kustomization)$/u;
const chart = /^(?:Chart\.yaml|requirements\.yaml)$/u;
const jsonnet = /\.(?:jsonnet|libsonnet)$/u;
const overrides = /^\.argocd-source.*\.yaml$/u;
const text = /\.(?:ya?ml|json|env|properties|toml|txt)$/u;
const maxFileBytes = 16 * 1024 * 1024;

/** What the files of a directory mention outside of it. */
type Mentions = readonly string[] | "anything";

/**
 * Finds out whether a change may be seen by who reads a directory, and whatever its files refer to, without rendering it. Directories
 * that many read are read once.
 */
export class Reach {
  readonly #tree: SourceTree;
  readonly #changed: ChangedPaths;
  readonly #signal: AbortSignal;
  readonly #known = new Map<string, Promise<Mentions>>();

  constructor(tree: SourceTree, changed: ChangedPaths, signal: AbortSignal) {
    this.#tree = tree;
    this.#changed = changed;
    this.#signal = signal;
  }

  /** True when something below one of the paths changed, or something that is referred to from there. */
  async touches(starts: readonly string[]): Promise<boolean> {
    const seen = new Set<string>();
    const next = [...starts];
    for (let path = next.pop(); path !== undefined; path = next.pop()) {
      if (seen.has(path)) continue;
      seen.add(path);
      const there = await this.#tree.stat(path, this.#signal);
      if (there === undefined ? this.#changed.begins(path) : this.#changed.inside(path)) return true;
      const mentions = await this.#mentionsBelow(path);
      if (mentions === "anything") return this.#changed.paths.length > 0;
      next.push(...mentions);
    }
    return false;
  }

  #mentionsBelow(path: string): Promise<Mentions> {
    const known = this.#known.get(path) ?? this.#find(path);
    this.#known.set(path, known);
    return known;
  }

  async #find(path: string): Promise<Mentions> {
    const found: Mentions[] = [];
    const entry = await this.#tree.stat(path, this.#signal);
    if (entry === undefined) await this.#searchBeginning(path, found);
    else if (entry.type === "directory") await this.#search({ directory: path, all: false, found });
    else found.push(await this.#mentionsOf(path, entry));
    return join(found);
  }

  /** Of a path that leads through a link, or that was cut at a space. */
  async #searchBeginning(path: string, found: Mentions[]): Promise<void> {
    const steps = path.split("/");
    for (let i = 1; i < steps.length; i += 1) {
      const above = steps.slice(0, i).join("/");
      const entry = await this.#tree.stat(above, this.#signal);
      if (entry?.type === "directory") continue;
      if (entry?.type !== "symlink") return;
      const target = await this.#readText(above);
      const real = pathInside(directoryOf(above), `${target}/${steps.slice(i).join("/")}`);
      found.push(real === undefined || target.startsWith("/") ? [above] : [above, real]);
      return;
    }
    const parent = directoryOf(path);
    const entries = (await this.#tree.list(parent, this.#signal)) ?? [];
    const names = entries.map(({ name }) => (parent === "" ? name : `${parent}/${name}`));
    found.push(names.filter((name) => name.startsWith(path)));
  }

  async #search(place: Place): Promise<void> {
    const { directory, found } = place;
    const entries = (await this.#tree.list(directory, this.#signal)) ?? [];
    const all = place.all || entries.some(({ name }) => kustomization.test(name));
    for (const entry of entries) {
      const path = directory === "" ? entry.name : `${directory}/${entry.name}`;
      if (entry.type === "directory") await this.#search({ directory: path, all, found });
      else if (entry.type === "symlink" || mayRefer(entry.name, all))
        found.push(await this.#mentionsOf(path, entry));
    }
  }

  async #mentionsOf(path: string, entry: TreeEntry): Promise<Mentions> {
    if (entry.type === "submodule") return [];
    const mentioned = await this.#readText(path);
    const directory = directoryOf(path);
    if (entry.type === "symlink") {
      const target = mentioned.startsWith("/") ? undefined : pathInside(directory, mentioned);
      return target === undefined ? [] : [target];
    }
    if (overrides.test(entry.name) && /valueFiles|libs|fileParameters/u.test(mentioned)) return "anything";
    return climbingPaths(directory, mentioned);
  }

  /** What is too large to be looked into may refer to anything, which such a text says. */
  async #readText(path: string): Promise<string> {
    try {
      const content = await this.#tree.read(path, { maxBytes: maxFileBytes, signal: this.#signal });
      return new TextDecoder().decode(content);
    } catch (error) {
      if (isMooringError(error, "GIT_TOO_LARGE")) return "%2e";
      throw error;
    }
  }
}

interface Place {
  readonly directory: string;
  /** Every text counts: it may be a patch or a generator of a kustomization around it. */
  readonly all: boolean;
  readonly found: Mentions[];
}

function mayRefer(name: string, all: boolean): boolean {
  return (
    kustomization.test(name) ||
    chart.test(name) ||
    jsonnet.test(name) ||
    overrides.test(name) ||
    (all && text.test(name))
  );
}

function join(found: readonly Mentions[]): Mentions {
  const paths = new Set<string>();
  for (const one of found) {
    if (one === "anything") return "anything";
    for (const path of one) paths.add(path);
  }
  return [...paths];
}

function directoryOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}
