import type { IncomingMessage, ServerResponse } from "node:http";
import { expect, it } from "vitest";
import { systemClock } from "#runtime/clock.ts";
import type { JsonObject } from "#core/object/index.ts";
import type { Exchange } from "../exchange.ts";
import { readDeleteOptions } from "./delete-options.ts";
import { readListOptions, readWatchOptions } from "./list-options.ts";
import { managerOf, readWriteOptions } from "./write-options.ts";

const user = { name: "a", groups: [] };

function exchangeOf(query: string, userAgent = "kubectl/v1 (linux)"): Exchange {
  const request = { headers: { "user-agent": userAgent } } as unknown as IncomingMessage;
  return {
    request,
    response: {} as ServerResponse,
    method: "POST",
    path: "/",
    query: new URLSearchParams(query),
    clock: systemClock,
    stallTimeoutMs: 1,
    warnings: [],
    isGone: () => false,
  };
}

const create = (query: string) => readWriteOptions(exchangeOf(query), { kind: "CreateOptions", user });

it("takes who writes from the query, or else from the user agent", () => {
  expect(create("")).toMatchObject({ fieldManager: "kubectl", dryRun: false, fieldValidation: "Warn" });
  expect(create("fieldManager=me&dryRun=All&fieldValidation=Strict")).toMatchObject({
    fieldManager: "me",
    dryRun: true,
    fieldValidation: "Strict",
  });
  expect(managerOf(undefined)).toBe("");
  expect(managerOf(`a\tb${"x".repeat(200)}/1`)).toBe(`ab${"x".repeat(126)}`);
});

it.each([
  [
    "dryRun=Some",
    'CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["Some"]: supported values: "All"',
  ],
  [
    "fieldValidation=x",
    'fieldValidation: Unsupported value: "x": supported values: "", "Ignore", "Strict", "Warn"',
  ],
  [`fieldManager=${"x".repeat(129)}`, "fieldManager: Too long: may not be more than 128 bytes"],
  ["fieldManager=a%07", "invalid character (at position 1)"],
])("refuses to create with %.30s", (query, message) => {
  expect(() => create(query)).toThrow(message);
});

it("asks for a manager to apply, and knows force only there", () => {
  const patch = (query: string, kind: "apply" | "merge") =>
    readWriteOptions(exchangeOf(query), { kind: "PatchOptions", user, patch: kind });
  expect(() => patch("", "apply")).toThrow("fieldManager: Required value: is required for apply patch");
  expect(patch("fieldManager=a&force=true", "apply").fieldManager).toBe("a");
  expect(() => patch("force=true", "merge")).toThrow(
    "force: Forbidden: may not be specified for non-apply patch",
  );
});

it("reads what a list asks for", () => {
  const query = new URLSearchParams("limit=5&labelSelector=a%3Db&continue=x");
  expect(readListOptions(query)).toEqual({
    labelSelector: "a=b",
    fieldSelector: "",
    limit: 5,
    continue: "x",
    resourceVersion: "",
    resourceVersionMatch: "",
  });
});

it.each([
  ["limit=x", 'strconv.ParseInt: parsing "x": invalid syntax'],
  ["resourceVersionMatch=Exact", "forbidden unless resourceVersion is provided"],
  ["resourceVersionMatch=Exact&resourceVersion=0", 'forbidden for resourceVersion "0"'],
  ["resourceVersionMatch=Nope&resourceVersion=1", 'Unsupported value: "Nope"'],
  ["sendInitialEvents=true", "sendInitialEvents is forbidden for list"],
])("refuses a list with %s", (query, message) => {
  expect(() => readListOptions(new URLSearchParams(query))).toThrow(message);
});

it("reads what a watch asks for", () => {
  const query =
    "watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=7";
  expect(readWatchOptions(new URLSearchParams(query))).toMatchObject({
    sendInitialEvents: true,
    allowBookmarks: true,
    timeoutSeconds: 7,
  });
  expect(() => readWatchOptions(new URLSearchParams("sendInitialEvents=true"))).toThrow(
    "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
  );
  expect(() => readWatchOptions(new URLSearchParams("resourceVersionMatch=NotOlderThan"))).toThrow(
    "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided",
  );
});

const remove = (query: string, body: JsonObject = {}) => readDeleteOptions(exchangeOf(query), body, user);

it("deletes as the body says, and as the query does where the body is silent", () => {
  const body = {
    propagationPolicy: "Foreground",
    preconditions: { uid: "1", resourceVersion: "2" },
    dryRun: ["All"],
  };
  expect(remove("gracePeriodSeconds=0&propagationPolicy=Orphan", body)).toMatchObject({
    propagation: "Foreground",
    gracePeriodSeconds: 0,
    dryRun: true,
    preconditions: { uid: "1", resourceVersion: "2" },
  });
  expect(remove("orphanDependents=true").propagation).toBe("Orphan");
  expect(remove("").propagation).toBeUndefined();
});

it("refuses to delete in ways that do not go together", () => {
  expect(() => remove("propagationPolicy=Never")).toThrow(
    'propagationPolicy: Unsupported value: "Never": supported values: "Foreground", "Background", "Orphan", "nil"',
  );
  expect(() => remove("propagationPolicy=Orphan&orphanDependents=true")).toThrow("cannot be both set");
});
