import { expect, it } from "vitest";
import { splitCsv } from "./csv.ts";

it.each<[string, readonly string[] | string]>([
  ["p, ada,  get", ["p", "ada", "get"]],
  ["p,ada ,get", ["p", "ada ", "get"]],
  ['p, "a, b", "say ""hi"""', ["p", "a, b", 'say "hi"']],
  ["a,,b,", ["a", "", "b", ""]],
  ["", [""]],
  ['""', [""]],
  ['p, "a', "a quote is never closed"],
  ['p, "a" b', "something follows a closed quote"],
  ['p, a"b', "it has a quote inside of a field that does not begin with one"],
])("splits %s", (line, fields) => {
  const split = splitCsv(line);
  expect(split instanceof Error ? split.message : split).toEqual(fields);
});
