import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Plugin } from "vite";

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

const compressible = new Set([".js", ".css", ".svg"]);
/** A smaller file fits into the first packet as it is. */
const minBytes = 1_024;

/** Compresses what was built, as far as it goes, so that the server need not do it while somebody waits. */
export function precompress(): Plugin {
  let directory = "";
  return {
    name: "precompress",
    apply: "build",
    configResolved: (config) => {
      directory = path.resolve(config.root, config.build.outDir);
    },
    // Not when a build ended: one that failed has written nothing, and would hide why.
    writeBundle: async () => {
      const entries = await readdir(directory, { recursive: true, withFileTypes: true });
      for (const entry of entries) {
        if (!entry.isFile() || !compressible.has(path.extname(entry.name))) continue;
        const file = path.join(entry.parentPath, entry.name);
        const bytes = await readFile(file);
        if (bytes.byteLength < minBytes) continue;
        await writeFile(`${file}.gz`, await zip(bytes, { level: 9 }));
        const params = {
          [constants.BROTLI_PARAM_QUALITY]: 11,
          [constants.BROTLI_PARAM_SIZE_HINT]: bytes.byteLength,
        };
        await writeFile(`${file}.br`, await brotli(bytes, { params }));
      }
    },
  };
}
