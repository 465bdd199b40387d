import { expect, it } from "vitest";
import { ownAddress } from "./own-address.ts";

it.each([
  ["/", "/applications?text=a%20b#x", "/applications?text=a%20b#x"],
  ["/mooring/", "/applications?text=web", "/mooring/applications?text=web"],
  ["/mooring/", "/", "/mooring/"],
  ["/mooring/", "", "/mooring/"],
  ["/mooring/", "/../other", "/mooring/"],
  ["/mooring/", "//evil.example.com/", "/mooring//evil.example.com/"],
  ["/mooring/", "https://evil.example.com/", "/mooring/"],
  ["/mooring/", "@evil.example.com/", "/mooring/"],
  ["/", "javascript:alert(1)", "/"],
])("below %s the page %j is at %s", (base, path, expected) => {
  const { href } = ownAddress(path, `https://argocd.example.com${base}`);
  expect(href).toBe(`https://argocd.example.com${expected}`);
});
