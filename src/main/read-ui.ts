import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { Ui, UiFile } from "#ports/ui.ts";

const types: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
  ".png": "image/png",
};

const codings = [
  ["br", ".br"],
  ["gzip", ".gz"],
] as const;

const page = "index.html";

/**
 * Reads the UI that `make ui` built, with what the build has compressed; undefined when there is none. It is read whole and once: it has
 * a megabyte or two, and a server that is replaced under its own feet must not serve half of each.
 */
export async function readUi(directory: string): Promise<Ui | undefined> {
  const names = await listFiles(directory);
  if (!names.includes(page)) return undefined;
  const plain = names.filter((name) => types[path.extname(name)] !== undefined);
  const files = await Promise.all(
    plain.map(async (name): Promise<readonly [string, UiFile]> => {
      const encoded = new Map<string, Uint8Array>();
      for (const [coding, suffix] of codings) {
        if (names.includes(`${name}${suffix}`)) {
          encoded.set(coding, await readFile(path.join(directory, `${name}${suffix}`)));
        }
      }
      const type = types[path.extname(name)] ?? "application/octet-stream";
      return [name, { type, bytes: await readFile(path.join(directory, name)), encoded }];
    }),
  );
  return { page: await readFile(path.join(directory, page), "utf8"), files: new Map(files) };
}

/** Slash-separated, below the directory; none where there is no directory. */
async function listFiles(directory: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        path.relative(directory, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, "/"),
      );
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
