import { expect, it } from "vitest";
import { parseLabelSelector } from "./label-selector.ts";

const labels = { app: "web", tier: "front", "example.com/n": "5", empty: "" };

it.for([
  ["", true],
  ["app=web", true],
  ["app == web", true],
  ["app=web,tier=back", false],
  ["app!=db", true],
  ["missing!=db", true],
  ["app in (db, web)", true],
  ["app notin (db,web)", false],
  ["missing notin (db)", true],
  ["app", true],
  ["!app", false],
  ["!missing", true],
  ["empty=", true],
  ["empty in ()", true],
  ["example.com/n>4", true],
  ["example.com/n < 5", false],
  ["app>1", false],
  ["app in (web),tier in (front,back),!missing", true],
] as const)("matches %s: %s", ([text, expected]) => {
  expect(parseLabelSelector(text)(labels)).toBe(expected);
});

it.for(["=web", "app in web", "app in (web", "app=we b", "app>x", ",", "a b", "app=-x"])(
  "refuses %s",
  (text) => {
    expect(() => parseLabelSelector(text)).toThrow("unable to parse requirement");
  },
);

it("does not take a label from the prototype of the map", () => {
  expect(parseLabelSelector("constructor")({})).toBe(false);
});
