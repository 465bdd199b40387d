import { MooringError } from "#core/errors/index.ts";
import type { TreeChange } from "#ports/git-writer.ts";
import type { SourceTree, TreeEntry } from "#ports/source-tree.ts";

/** Of all files together: what is generated is larger than what people write, and still no gigabyte. */
const maxChangeBytes = 256 * 1024 * 1024;

/** A change to a tree as `git fast-import` reads it. */
export type Edit = Uint8Array;

/** Puts an object that the mirror has at a path; the empty path is the whole tree. */
export function putObject(
  path: string,
  { mode, oid }: { readonly mode: string; readonly oid: string },
): Edit {
  return Buffer.from(`M ${mode} ${oid} ${quotePath(path)}\n`);
}

export function remove(path: string): Edit {
  return Buffer.from(`D ${quotePath(path)}\n`);
}

export function modeOf({ type, executable }: Pick<TreeEntry, "type" | "executable">): string {
  const modes = { directory: "040000", symlink: "120000", submodule: "160000" } as const;
  if (type === "file") return executable ? "100755" : "100644";
  return modes[type];
}

/** Whole files, in the modes that they have. Throws GIT_INVALID for a path that may not be written. */
export async function editsOf(
  change: TreeChange,
  { tree, url, signal }: { readonly tree: SourceTree; readonly url: string; readonly signal: AbortSignal },
): Promise<readonly Edit[]> {
  const edits: Edit[] = [];
  let bytes = 0;
  for (const [path, content] of change.files) {
    requirePath(path, url);
    if (content === undefined) {
      edits.push(remove(path));
      continue;
    }
    const found = await tree.stat(path, signal);
    if (found !== undefined && found.type !== "file")
      throw invalid(url, `${path}: is a ${found.type}, where a file is to be written; choose another path`);
    const written = typeof content === "string" ? Buffer.from(content) : content;
    bytes += written.byteLength;
    if (bytes > maxChangeBytes)
      throw invalid(url, `the files to write have over ${maxChangeBytes} bytes; write less at once`);
    const mode = modeOf(found ?? { type: "file", executable: false });
    edits.push(Buffer.from(`M ${mode} inline ${quotePath(path)}\n`), ...data(written));
  }
  return edits;
}

export function data(content: Uint8Array): readonly Uint8Array[] {
  return [Buffer.from(`data ${content.byteLength}\n`), content, Buffer.from("\n")];
}

/**
 * As git refuses them in a tree (`verify_path`), on every system: what is written here is checked out elsewhere. A name that is no UTF-8 is
 * read with U+FFFD in it; written so, it would be another file beside the one that was meant.
 */
export function requirePath(path: string, url: string): void {
  const isPlain = path.length <= 4_096 && !/[\0\\\uFFFD]/u.test(path);
  const steps = path.split("/");
  if (
    isPlain &&
    steps.every(
      (step) => step !== "" && step !== "." && step !== ".." && !/^(?:\.git|git~1)[. ]*$/iu.test(step),
    )
  )
    return;
  throw invalid(
    url,
    `path ${JSON.stringify(path.slice(0, 200))}: may not be written; use a relative path in UTF-8, without . and .. and backslashes, outside of .git`,
  );
}

function quotePath(path: string): string {
  return `"${path.replaceAll('"', String.raw`\"`).replaceAll("\n", String.raw`\n`)}"`;
}

export function invalid(url: string, problem: string): MooringError {
  return new MooringError("GIT_INVALID", `repository ${url}: ${problem}`, { key: url });
}
