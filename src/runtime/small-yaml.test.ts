import { describe, expect, it } from "vitest";
import { parseSmallYaml } from "./small-yaml.ts";

const bytes = 64 * 1024;
const many = (line: (index: number) => string): string =>
  Array.from({ length: bytes / 8 }, (_, index) => line(index))
    .join("\n")
    .slice(0, bytes);
const keys = (open: string, close: string): string => `${many((index) => `${open}k${index}${close}`)}\n`;

describe("YAML that is read beside other work", () => {
  it("gives what the file says, and refuses a key that is there twice", () => {
    expect(parseSmallYaml("a: {b: [1, x]}\nc: &c 1\nd: *c\n", "app/f.yaml")).toEqual({
      a: { b: [1, "x"] },
      c: 1,
      d: 1,
    });
    expect(parseSmallYaml("", "app/f.yaml")).toBeNull();
    expect(() => parseSmallYaml("a: 1\na: 2\n", "app/f.yaml")).toThrow(
      "app/f.yaml: the key a is there twice",
    );
  });

  it("names the file and the line of a mistake", () => {
    expect(() => parseSmallYaml("a: 1\nb: {\n", "app/f.yaml")).toThrow(
      expect.objectContaining({
        code: "RENDER_INVALID",
        message: "app/f.yaml: not YAML (line 3); correct it",
      }),
    );
  });

  it("refuses aliases of aliases, and more aliases than anybody writes", () => {
    let bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n";
    for (let level = 1; level < 9; level += 1) {
      bomb += `a${level}: &a${level} [${`*a${level - 1},`.repeat(9)}]\n`;
    }
    for (const text of [bomb, `- &a 1\n${"- *a\n".repeat(101)}`]) {
      expect(() => parseSmallYaml(text, "app/f.yaml")).toThrow(
        "app/f.yaml: aliases that refer to too much; write them out",
      );
    }
  });

  it.each([
    ["thousands of keys", keys("", ":")],
    ["thousands of keys in one line", `{${keys("", ",").replaceAll("\n", "")}}`],
    ["brackets that nobody closes", "[".repeat(bytes)],
    ["brackets that nobody opened", "]".repeat(bytes)],
    ["thousands of anchors", keys("- &", " 1")],
    ["thousands of mistakes", "a: b: c\n".repeat(bytes / 8)],
  ])("does not keep other work waiting for %s", (_, text) => {
    const startedMs = performance.now();
    try {
      parseSmallYaml(text, "app/f.yaml");
    } catch (error) {
      expect(error).toMatchObject({ code: "RENDER_INVALID" });
    }
    // A tenth of a second on an idle machine; minutes with the parser's own settings.
    expect(performance.now() - startedMs).toBeLessThan(30_000);
  });
});
