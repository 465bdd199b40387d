import { expect, it } from "vitest";
import { columnsOf, needsWords } from "./columns.ts";
import { stagesOf } from "./pipeline.ts";

const stages = (list: Readonly<Record<string, readonly string[] | undefined>>) =>
  stagesOf({
    namespace: "argocd",
    status: {},
    spec: {
      repoURL: "https://git.example.com/shop.git",
      stages: Object.entries(list).map(([name, after]) => ({
        name,
        branch: name,
        applications: [],
        ...(after === undefined ? {} : { after: [...after] }),
      })),
    },
  });

const drawn = (list: Parameters<typeof stages>[0]) =>
  columnsOf(stages(list)).map(
    ({ stages: column, lines }) =>
      `${column.map(({ name }) => name).join(" ")}${lines.map(({ from, to }) => ` ${from}-${to}`).join("")}`,
  );

it("stages stand one behind the other as the list has them", () => {
  expect(drawn({ dev: undefined, staging: undefined, prod: undefined })).toEqual([
    "dev",
    "staging 0.5-0.5",
    "prod 0.5-0.5",
  ]);
});

it("stages that take from the same stand above one another, and what takes from both behind them", () => {
  expect(drawn({ dev: undefined, eu: ["dev"], us: ["dev"], prod: ["eu", "us"] })).toEqual([
    "dev",
    "eu us 0.5-0.25 0.5-0.75",
    "prod 0.25-0.5 0.75-0.5",
  ]);
});

it("what takes from an early and a late stage stands behind the late one, and says so", () => {
  const list = stages({ dev: undefined, qa: ["dev"], prod: ["dev", "qa"] });
  const columns = columnsOf(list);
  expect(columns.map((column) => column.stages.map(({ name }) => name))).toEqual([["dev"], ["qa"], ["prod"]]);
  expect(list.map((stage) => needsWords(columns, stage))).toEqual([false, false, true]);
});

it("a circle ends, though the server lets none be", () => {
  expect(columnsOf(stages({ a: ["b"], b: ["a"] })).flatMap((column) => column.stages).length).toBe(2);
});
