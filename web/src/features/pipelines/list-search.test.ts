import { expect, it } from "vitest";
import { parsePipelineSearch, parsePipelinesSearch } from "./list-search.ts";

it("what is no filter is left out of an address", () => {
  expect(parsePipelinesSearch({ text: "shop", project: "money", other: "x" })).toEqual({
    text: "shop",
    project: "money",
  });
  expect(parsePipelinesSearch({ text: "", project: ["a"] })).toEqual({});
});

it("a view that there is not is the stages", () => {
  expect(parsePipelineSearch({ view: "settings", stage: "prod" })).toEqual({
    view: "settings",
    stage: "prod",
  });
  expect(parsePipelineSearch({ view: "<script>", stage: 1 })).toEqual({});
});
