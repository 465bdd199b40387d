import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { manifestFiles } from "./manifest-files.ts";

/** Writes `manifests/`: `npm run gen`. */
const root = new URL("../../manifests/", import.meta.url);

for (const [path, text] of manifestFiles()) {
  const file = fileURLToPath(new URL(path, root));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
