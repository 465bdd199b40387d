import { expect, it } from "vitest";
import {
  automationObject,
  chosenOf,
  isStopped,
  matches,
  readAutomation,
  stateOf,
  targetOf,
} from "./automation.ts";
import { parseImagesSearch } from "./images-search.ts";

const shop = readAutomation({
  name: "shop",
  namespace: "argocd",
  project: "money",
  ready: "True",
  reason: "Written",
  target: "https://ada:pw@git.example.com/shop.git main",
  images: [{ image: "ghcr.io/acme/web", tag: "1.10.0" }],
});

it.each([
  [{ isSuspended: true, ready: "False", reason: "Held" }, "Suspended"],
  [{ isSuspended: false, ready: "", reason: "" }, "New"],
  [{ isSuspended: false, ready: "True", reason: "Proposed" }, "Ready"],
  [{ isSuspended: false, ready: "False", reason: "Held" }, "Held"],
  [{ isSuspended: false, ready: "False", reason: "Flapping" }, "Flapping"],
  [{ isSuspended: false, ready: "False", reason: "<script>" }, "Failed"],
])("what an automation says of itself is %o: %s", (said, state) => {
  expect(stateOf(said)).toBe(state);
});

it("an answer that says nothing is one that was not looked at", () => {
  const nothing = readAutomation({});
  expect([stateOf(nothing), nothing.images, isStopped(nothing)]).toEqual(["New", [], false]);
});

it("a scan is asked for until it was made, and not while it is suspended", () => {
  expect(readAutomation({ asked: "2", scanned: "1" }).isScanAsked).toBe(true);
  expect(readAutomation({ asked: "2", scanned: "2" }).isScanAsked).toBe(false);
  expect(readAutomation({ asked: "2", scanned: "1", suspended: true }).isScanAsked).toBe(false);
});

it("what was stopped can be resumed", () => {
  expect(isStopped({ ...shop, isSuspended: true })).toBe(true);
  expect(isStopped({ ...shop, ready: "False", reason: "Flapping" })).toBe(true);
  expect(isStopped(shop)).toBe(false);
});

it("credentials of an address are not shown", () => {
  expect(targetOf(shop).text).toBe("git.example.com/shop main");
});

it("an Application is no address", () => {
  expect(targetOf({ target: "Application web" })).toEqual({ repoURL: "", text: "Application web" });
});

it("a digest is shortened, and what is none stays", () => {
  expect(chosenOf({ tag: "v1", digest: `sha256:${"a".repeat(64)}` })).toBe("v1@sha256:aaaaaaaaaaaa…");
  expect(chosenOf({ tag: "", digest: "strange" })).toBe("strange");
});

it("policies name the namespace only of what is elsewhere", () => {
  expect(automationObject(shop, "argocd")).toBe("money/shop");
  expect(automationObject(shop, "mooring")).toBe("money/argocd/shop");
});

it("every word is looked for in names, images, states and targets", () => {
  for (const text of ["", "SHOP money", "acme 1.10", "ready", "git.example.com main"])
    expect(matches(shop, text)).toBe(true);
  expect(matches(shop, "shop failed")).toBe(false);
});

it("what is no filter is left out of an address", () => {
  expect(parseImagesSearch({ text: "shop", open: "argocd/shop", other: "x" })).toEqual({
    text: "shop",
    open: "argocd/shop",
  });
  expect(parseImagesSearch({ text: "", open: ["a"] })).toEqual({});
});
