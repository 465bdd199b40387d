import { expect, it } from "vitest";
import { formatPolicy, policyProblem, readPolicies } from "./policy-lines.ts";

const of = { project: "shop", role: "ci" };
const row = { resource: "applications", action: "sync", object: "shop/*", effect: "allow" } as const;

it("reads lines of the usual form and keeps the others as they are", () => {
  const others = [
    'p, proj:shop:ci, applications, get, "shop/{a,b}", allow',
    "p, proj:shop:other, applications, get, shop/*, allow",
    "g, ada, proj:shop:ci",
    "p, proj:shop:ci, applications, get, shop/*",
    "p, proj:shop:ci, applications, get, shop/*, maybe",
    "",
  ];
  const usual = [
    "p,proj:shop:ci,applications,sync,shop/*,allow",
    "p, proj:shop:ci, logs, get, shop/web, deny",
  ];
  expect(readPolicies([...usual, ...others], of)).toEqual({
    rows: [row, { resource: "logs", action: "get", object: "shop/web", effect: "deny" }],
    others,
  });
});

it("writes a line that it reads again", () => {
  const line = formatPolicy({ ...row, object: " shop/* " }, of);
  expect(line).toBe("p, proj:shop:ci, applications, sync, shop/*, allow");
  expect(readPolicies([line], of)).toEqual({ rows: [row], others: [] });
});

it("refuses what would be another line, or is about another project", () => {
  expect(policyProblem([row], "shop")).toBeUndefined();
  expect(policyProblem([{ ...row, action: "" }], "shop")).toContain("needs a resource and an action");
  expect(policyProblem([{ ...row, object: "shop/a, allow" }], "shop")).toContain("no commas");
  expect(policyProblem([{ ...row, object: "*" }], "shop")).toContain("such as shop/*");
});
