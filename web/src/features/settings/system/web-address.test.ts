import { expect, it } from "vitest";
import { webAddress } from "./web-address.ts";

it.each([
  ["https://chat.example.com/x", "https://chat.example.com/x"],
  ["http://chat", "http://chat/"],
  ["javascript:alert(1)", undefined],
  ["JaVaScRiPt:alert(1)", undefined],
  ["data:text/html,x", undefined],
  ["//chat.example.com", undefined],
  ["", undefined],
  [undefined, undefined],
])("takes %s for %s", (text, address) => {
  expect(webAddress(text)).toBe(address);
});
