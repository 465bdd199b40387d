import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { manifestFiles } from "./manifest-files.ts";

const root = fileURLToPath(new URL("../../manifests/", import.meta.url));

it("manifests/ holds what npm run gen writes, byte for byte", () => {
  const written = globSync("**/*.{yaml,json,tpl}", { cwd: root })
    .toSorted()
    .map((path) => [path, readFileSync(root + path, "utf8")] as const);
  const generated = [...manifestFiles()].toSorted(([a], [b]) => (a < b ? -1 : 1));
  expect(written.map(([path]) => path)).toEqual(generated.map(([path]) => path));
  for (const [i, [path, text]] of written.entries()) {
    expect(text === generated[i]?.[1], `${path} is stale: run npm run gen`).toBe(true);
  }
});
