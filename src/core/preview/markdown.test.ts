import { describe, expect, it } from "vitest";
import { objectKey } from "#core/object/index.ts";
import { formatMarkdown } from "./markdown.ts";
import type { AppPreview, ObjectChange, PreviewReport } from "./report.ts";

function changeOf(name: string, lines: number, text = "x"): ObjectChange {
  return {
    change: "changed",
    key: objectKey({ group: "", kind: "ConfigMap", namespace: "shop", name }),
    lines: Array.from({ length: lines }, (_, i) => ({ kind: "added", text: `${name} ${i} ${text}` })),
  };
}

function appOf(name: string, objects: readonly ObjectChange[]): AppPreview {
  return { name, file: "apps.yaml", line: 1, change: "changed", objects, error: undefined };
}

function reportOf(apps: readonly AppPreview[], notes: readonly string[] = []): PreviewReport {
  return { base: "a".repeat(40), head: "b".repeat(40), apps, total: 3, notes };
}

describe("a preview for a comment", () => {
  it("has the summary first, then the differences", () => {
    expect(formatMarkdown(reportOf([appOf("web", [changeOf("a", 1)])]))).toMatchInlineSnapshot(`
      "<!-- mooring-preview default -->
      ### 1 of 3 applications change

      \`aaaaaaaaaaaa\` → \`bbbbbbbbbbbb\`

      | application | | added | changed | removed |
      | --- | --- | --- | --- | --- |
      | \`web\` | changed | 0 | 1 | 0 |

      <details><summary><code>web</code>: <code>ConfigMap shop/a</code> changed</summary>

      \`\`\`diff
      +a 0 x
      \`\`\`

      </details>
      "
    `);
  });

  it("keeps its bound whatever it holds: the longest differences are cut, and it says how many are left out", () => {
    const small = appOf("small", [changeOf("little", 3)]);
    const large = appOf("large", [changeOf("much", 20_000)]);
    const cut = formatMarkdown(reportOf([large, small]));
    expect(cut.length).toBeLessThanOrEqual(65_536);
    expect(cut.length).toBeGreaterThan(60_000);
    expect(cut).toContain("+little 2 x");
    expect(cut).toMatch(/… \d+ more lines/u);
    const many = Array.from({ length: 5_000 }, (_, i) =>
      appOf(`app-${i}`, [changeOf(`a${i}`, 50, "😀".repeat(40))]),
    );
    const dropped = formatMarkdown(reportOf(many, ["n".repeat(100_000)]));
    expect(dropped.length).toBeLessThanOrEqual(65_536);
    expect(dropped).toContain("…and 4800 more applications.");
    expect(dropped).toMatch(/\*\*\d+ differences are left out here/u);
    expect(dropped.isWellFormed()).toBe(true);
  });

  it("holds nothing that acts: fences, markup, tables and mentions of what is compared stay text", () => {
    const evil = changeOf("`x`</summary><img src=1>@all|", 1, "```\n</details>");
    const { length } =
      formatMarkdown(reportOf([appOf("a|b`c\n# @team", [evil])])).match(/^`{4}(?:diff)?$/gmu) ?? [];
    expect(length).toBe(2);
    const text = formatMarkdown(reportOf([appOf("a|b`c\n# @team", [evil])]));
    const turned = formatMarkdown(reportOf([appOf("a\u202Eb\u001B[2J", [])]));
    expect(turned).toContain("| `a?b?[2J` |");
    expect(text).toContain("| `a\\|b c # @team` |");
    expect(text).toContain("&lt;/summary&gt;&lt;img src=1&gt;&#64;all|");
  });
});
