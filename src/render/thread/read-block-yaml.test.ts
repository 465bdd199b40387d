import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { parseYaml, parseYamlSlowly } from "./parse-yaml.ts";
import { readBlockYaml } from "./read-block-yaml.ts";

const sample = readFileSync(new URL("../testdata/shop.yaml", import.meta.url), "utf8");

const outcome = (parse: typeof parseYaml, text: string): string => {
  try {
    return JSON.stringify([...parse("a.yaml", text, 30)]);
  } catch (error) {
    return (error as Error).message;
  }
};

const expectSame = (text: string): void => {
  expect(outcome(parseYaml, text)).toBe(outcome(parseYamlSlowly, text));
};

describe("the fast reader of plain block YAML", () => {
  it("reads a typical manifest by itself", () => {
    expect(readBlockYaml(sample, 100)).toBeDefined();
    expectSame(sample);
  });

  it("reads as the full parser does, whatever is written", () => {
    const piece = fc.constantFrom(
      ..."a,b: ,- ,-,|, |-,|+,:,#, #, ,  ,   ,\n,\n\n,\n  ,\n    ,\n- ,\n  - ,'x',\"y\",[],{},[a, 'b'],{c: d},true,y,0644,~,1e3,.5,1.,&a ,*a,!t ,<<: *a,>,---\n,...\n,%,?,\t,é,a: b\n,\n  c: d,\n# e\n,x/y.z: ,\"q\": ".split(
        ",",
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => expectSame(pieces.join(""))),
      { numRuns: 1000 },
    );
  });

  it("reads as the full parser does when a typical manifest is damaged", () => {
    const lines = sample.split("\n");
    const damage = fc.record({
      line: fc.nat(lines.length - 1),
      column: fc.nat(30),
      removed: fc.nat(3),
      inserted: fc.constantFrom(
        "",
        " ",
        "  ",
        "-",
        "- ",
        ":",
        ": ",
        "\n",
        "#",
        " #",
        "'",
        '"',
        "|",
        "\t",
        "a",
        "    ",
      ),
    });
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 3 }), (damages) => {
        const damaged = [...lines];
        for (const { line, column, removed, inserted } of damages) {
          const before = damaged[line] ?? "";
          damaged[line] = before.slice(0, column) + inserted + before.slice(column + removed);
        }
        expectSame(damaged.join("\n"));
      }),
      { numRuns: 60 },
    );
  });

  it("reads as the full parser does what a printer prints", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => expectSame(stringify(value))),
      { numRuns: 100 },
    );
  });

  it("leaves a list of a million items in one line to the full parser", () => {
    expect(readBlockYaml(`a: [${"b,".repeat(1_000_000)}b]\n`, 100)).toBeUndefined();
  });
});
