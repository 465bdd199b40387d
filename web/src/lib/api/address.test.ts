import { expect, it } from "vitest";
import { addressOf } from "./address.ts";

it("puts a request's fields where the API's routes have them, relative to the page", () => {
  expect(addressOf("application.get", { name: "web", appNamespace: "team a", refresh: "normal" })).toEqual({
    verb: "GET",
    url: "api/v1/applications/web?appNamespace=team+a&refresh=normal",
    body: undefined,
  });
  expect(addressOf("application.sync", { name: "web", prune: true, strategy: { hook: {} } })).toEqual({
    verb: "POST",
    url: "api/v1/applications/web/sync",
    body: JSON.stringify({ name: "web", prune: true, strategy: { hook: {} } }),
  });
});

it("leads nowhere else with names that look like paths", () => {
  expect(addressOf("application.get", { name: "../../admin?x#y" }).url).toBe(
    "api/v1/applications/..%2F..%2Fadmin%3Fx%23y",
  );
});

it("repeats lists, names nested fields by their paths, leaves out what is not given, and says which fields are wanted", () => {
  const { url } = addressOf(
    "application.list",
    { projects: ["a", "b"], limit: 10, counts: true, text: undefined },
    "items.metadata.name",
  );
  expect(Object.fromEntries([...new URLSearchParams(url.split("?")[1])].slice(0, 2))).toEqual({
    projects: "b",
  });
  expect(url).toBe(
    "api/v1/applications?projects=a&projects=b&limit=10&counts=true&fields=items.metadata.name",
  );
});

it("says which method has no route", () => {
  expect(() => addressOf("application.fly", {})).toThrow("application.fly has no route");
});
