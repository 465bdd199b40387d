import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseSync } from "oxc-parser";
import { describe, expect, it } from "vitest";
import { MAY_IMPORT } from "./layers.ts";

const files = globSync("src/**/*.ts").filter((file) => !file.endsWith(".test.ts"));

function importsOf(file: string): string[] {
  const { module } = parseSync(file, readFileSync(file, "utf8"));
  const named = module.staticImports.map((i) => i.moduleRequest.value);
  const exported = module.staticExports.flatMap((e) =>
    e.entries.flatMap((entry) => (entry.moduleRequest === null ? [] : [entry.moduleRequest.value])),
  );
  return [...named, ...exported];
}

/** What a file imports or passes on, and whether of each it is the types alone. */
function staticImportsOf(file: string): readonly { readonly request: string; readonly isType: boolean }[] {
  const { module } = parseSync(file, readFileSync(file, "utf8"));
  const imports = module.staticImports.map(({ moduleRequest, entries }) => ({
    request: moduleRequest.value,
    isType: entries.length > 0 && entries.every(({ isType }) => isType),
  }));
  const passed = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ moduleRequest, isType }) =>
      moduleRequest === null ? [] : [{ request: moduleRequest.value, isType }],
    ),
  );
  return [...imports, ...passed];
}

/** The layer of a path below `src/`: the deepest folder around it that has a line of its own. */
function layerAt(place: string): string {
  const folders = place.split("/").slice(0, -1);
  for (let depth = folders.length; depth > 1; depth -= 1) {
    const folder = folders.slice(0, depth).join("/");
    if (Object.hasOwn(MAY_IMPORT, folder)) return folder;
  }
  return folders[0] ?? "";
}

function layerOf(file: string, request: string): string | undefined {
  if (request.startsWith("#")) return layerAt(request.slice(1));
  if (!request.startsWith(".")) return undefined;
  const target = path.relative("src", path.join(path.dirname(file), request));
  return target.startsWith("..") ? "outside src" : layerAt(target);
}

const edges = files.flatMap((file) => {
  const from = layerAt(path.relative("src", file));
  return importsOf(file).flatMap((request) => {
    const to = layerOf(file, request);
    return to === undefined || to === from ? [] : [{ file, from, to, request }];
  });
});

describe("layers", () => {
  it("every import goes down the layers", () => {
    const wrong = edges
      .filter((e) => !MAY_IMPORT[e.from]?.includes(e.to))
      .map((e) => `${e.file} → ${e.request}`);
    expect(wrong).toEqual([]);
  });

  it("core imports no npm package and no node module", () => {
    const wrong = files
      .filter((file) => file.startsWith(path.join("src", "core")))
      .flatMap((file) =>
        importsOf(file)
          .filter((request) => !request.startsWith(".") && !request.startsWith("#core/"))
          .map((request) => `${file} → ${request}`),
      );
    expect(wrong).toEqual([]);
  });

  it("the web UI imports types of the contract, and of our code what the contract shares", () => {
    const shared = path.join("src", "api", "contract", "shared.ts");
    const wrong = globSync("web/src/**/*.{ts,tsx}").flatMap((file) =>
      staticImportsOf(file)
        .map(({ request, isType }) => ({ to: path.join(path.dirname(file), request), request, isType }))
        .filter(({ to, request }) => request.startsWith(".") && !to.startsWith(`web${path.sep}`))
        .filter(({ to, isType }) => to !== shared && !(isType && to.startsWith(path.dirname(shared))))
        .map(({ request }) => `${file} → ${request}`),
    );
    expect(wrong).toEqual([]);
  });

  it("every folder of src is a known layer", () => {
    const folders = new Set(files.map((file) => layerAt(path.relative("src", file))));
    expect([...folders].filter((folder) => MAY_IMPORT[folder] === undefined)).toEqual([]);
  });
});
