import { expect, it } from "vitest";
import { windowProblems } from "../../../lib/shared.ts";
import { trimmedWindow, windowFieldProblem } from "./window-form.ts";

it("writes a window without what says nothing", () => {
  expect(
    trimmedWindow({
      kind: "deny",
      schedule: " 0 22 * * * ",
      duration: "8h",
      timeZone: " ",
      applications: ["*", " ", " web "],
      namespaces: [],
      clusters: [""],
      manualSync: true,
      andOperator: false,
      description: "",
    }),
  ).toEqual({
    kind: "deny",
    schedule: "0 22 * * *",
    duration: "8h",
    applications: ["*", "web"],
    manualSync: true,
  });
});

it("says below each field what is wrong with it, as the server would", () => {
  const problems = windowProblems([
    { kind: "deny", schedule: "0 25 * * *", duration: "8h", applications: ["web", "["] },
  ]);
  expect(windowFieldProblem(problems, "schedule")).toMatch(
    /^schedule is "0 25 \* \* \*": its hour has "25"/u,
  );
  expect(windowFieldProblem(problems, "applications")).toMatch(/^applications\[1\] is not a glob/u);
  expect(windowFieldProblem(problems, "duration")).toBeUndefined();
});
