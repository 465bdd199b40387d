import { MooringError } from "#core/errors/index.ts";
import type { SourceTree } from "#ports/source-tree.ts";

const maxLinks = 40;
const maxTargetBytes = 4_096;

/**
 * Where a directory is after symbolic links; a path that does not exist comes back as it is. Throws RENDER_INVALID for links that lead
 * out of the tree or in circles.
 */
export async function followDirectory(tree: SourceTree, path: string, signal: AbortSignal): Promise<string> {
  const left = path.split("/").filter((step) => step !== "");
  const real: string[] = [];
  let links = 0;
  while (left.length > 0) {
    const step = left.shift() ?? "";
    if (step === "." || step === "") continue;
    if (step === "..") {
      if (real.pop() === undefined) throw wrong(path, "leads out of the repository");
      continue;
    }
    const here = [...real, step].join("/");
    const entry = await tree.stat(here, signal);
    if (entry?.type !== "symlink") {
      real.push(step);
      continue;
    }
    links += 1;
    if (links > maxLinks) throw wrong(path, "goes in circles");
    const target = new TextDecoder().decode(await tree.read(here, { maxBytes: maxTargetBytes, signal }));
    if (target.startsWith("/")) throw wrong(path, "leads out of the repository");
    left.unshift(...target.split("/"));
  }
  return real.join("/");
}

function wrong(path: string, what: string): MooringError {
  return new MooringError("RENDER_INVALID", `path ${path}: a symbolic link ${what}`);
}
