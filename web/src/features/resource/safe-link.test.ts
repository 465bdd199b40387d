import { expect, it } from "vitest";
import { safeLink } from "./safe-link.ts";

it("lets nothing through but addresses of the web", () => {
  expect(safeLink("https://example.com/a?b")).toBe("https://example.com/a?b");
  expect(safeLink("http://example.com")).toBe("http://example.com/");
  for (const text of [
    "javascript:alert(1)",
    " JavaScript:alert(1)",
    "data:text/html,x",
    "//a.b",
    "/a",
    "",
    undefined,
  ])
    expect(safeLink(text)).toBeUndefined();
});
