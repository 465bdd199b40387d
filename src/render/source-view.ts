import { MooringError } from "#core/errors/index.ts";
import type { MountedTree } from "#ports/renderer.ts";
import type { SourceTree, TreeEntry } from "#ports/source-tree.ts";

const mountsRoot = ".git/mounts/";
/** Names that callers give; the mounts of remote sources hold a dot, so that the two never meet. */
const mountName = /^[\w-]{1,100}$/;

export function mountPath(name: string): string {
  return `${mountsRoot}${name}`;
}

/** The mount that a path lies in, such as `.git/mounts/values`; the empty string for the render's own tree. */
export function mountOf(path: string): string {
  if (!path.startsWith(mountsRoot)) return "";
  const end = path.indexOf("/", mountsRoot.length);
  return end < 0 ? path : path.slice(0, end);
}

/** The files of a render: its tree, and other trees below `.git/mounts/`, where no path of a repository can be. */
export interface SourceView {
  stat(path: string, signal: AbortSignal): Promise<TreeEntry | undefined>;
  list(path: string, signal: AbortSignal): Promise<readonly TreeEntry[] | undefined>;
  read: SourceTree["read"];
  mount(name: string, tree: SourceTree): void;
}

/** Throws RENDER_INVALID for a mount whose name is no plain word. */
export function openSourceView(tree: SourceTree, mounts: readonly MountedTree[] = []): SourceView {
  const mounted = new Map<string, SourceTree>([["", tree]]);
  for (const { name, tree: other } of mounts) {
    if (!mountName.test(name)) {
      throw new MooringError("RENDER_INVALID", `ref ${JSON.stringify(name)}: use letters, digits, _ and -`);
    }
    mounted.set(mountPath(name), other);
  }
  const locate = (path: string): { readonly tree: SourceTree | undefined; readonly path: string } => {
    const mount = mountOf(path);
    return { tree: mounted.get(mount), path: mount === "" ? path : path.slice(mount.length + 1) };
  };
  return {
    stat: async (path, signal) => {
      const at = locate(path);
      return at.tree?.stat(at.path, signal);
    },
    list: async (path, signal) => {
      const at = locate(path);
      return at.tree?.list(at.path, signal);
    },
    read: async (path, options) => {
      const at = locate(path);
      if (at.tree === undefined) throw new MooringError("GIT_PATH_NOT_FOUND", `${path}: no such file`);
      return at.tree.read(at.path, options);
    },
    mount: (name, other) => void mounted.set(mountPath(name), other),
  };
}
