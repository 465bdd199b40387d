import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { errorCatalog } from "./src/core/errors/index.ts";

const byText = (a: string, b: string) => (a < b ? -1 : Number(a > b));

describe("docs", () => {
  it("lists every error code with its retry class and exit code, and none that does not exist", () => {
    const rows = readFileSync("docs/errors.md", "utf8")
      .split("\n")
      .flatMap((line) => {
        const cells = /^\|\s*`([A-Z_]+)`\s*\|\s*(\w+)\s*\|\s*(\d+)\s*\|\s*(\d+)\s*\|\s*\S/.exec(line);
        return cells === null ? [] : [cells.slice(1, 5).join(" ")];
      });
    const codes = Object.entries(errorCatalog).map(
      ([code, entry]) => `${code} ${entry.retry} ${entry.http} ${entry.exit}`,
    );
    expect(rows.toSorted(byText)).toEqual(codes.toSorted(byText));
  });

  it("raises every code of the catalogue somewhere", () => {
    const sources = globSync("src/**/*.ts")
      .filter((file) => !file.endsWith(".test.ts") && !file.endsWith("catalog.ts"))
      .map((file) => readFileSync(file, "utf8"))
      .join("\n");
    expect(Object.keys(errorCatalog).filter((code) => !sources.includes(`"${code}"`))).toEqual([]);
  });

  it("links only to files that exist", () => {
    const pages = globSync("*.md").concat(globSync("docs/**/*.md"));
    const broken = pages.flatMap((page) =>
      [...readFileSync(page, "utf8").matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)]
        .map((match) => path.join(path.dirname(page), match[1] ?? ""))
        .filter((target) => !existsSync(target))
        .map((target) => `${page} → ${target}`),
    );
    expect(broken).toEqual([]);
  });
});
