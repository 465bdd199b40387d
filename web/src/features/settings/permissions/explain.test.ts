import { expect, it } from "vitest";
import { placeOf, projectOf, throughOf } from "./explain.ts";
import { isQuestion, parseQuestionSearch } from "./question-search.ts";

it("says where a line stands", () => {
  expect(placeOf({ source: "argocd-rbac-cm policy.csv", line: 3 })).toBe("argocd-rbac-cm policy.csv, line 3");
  expect(placeOf({ source: "built-in" })).toBe("built-in");
  expect(projectOf({ source: "AppProject/shop role ci" })).toBe("shop");
  expect(projectOf({ source: "argocd-rbac-cm AppProject/shop" })).toBeUndefined();
});

it("says through what a line holds, where it does not name who was asked about", () => {
  expect(throughOf({ throughKind: "subject", throughName: "ada" }, "ada")).toBeUndefined();
  expect(throughOf({ throughKind: "group", throughName: "devs" }, "ada")).toBe(
    "It holds through the group devs.",
  );
  expect(throughOf({ throughKind: "policy.default", throughName: "role:readonly" }, "ada")).toBe(
    "It holds for everybody: policy.default is role:readonly.",
  );
  expect(throughOf({}, "ada")).toBeUndefined();
});

it("reads a question from the address, and leaves out what is none", () => {
  const question = { subject: "ada", groups: ["devs"], resource: "logs", action: "get", object: "shop/web" };
  expect(parseQuestionSearch(question)).toEqual(question);
  expect(parseQuestionSearch({ subject: "", groups: "devs", resource: 1, other: "x" })).toEqual({
    groups: ["devs"],
  });
  expect(isQuestion({ resource: "logs" })).toBe(false);
  expect(isQuestion(question)).toBe(true);
});
