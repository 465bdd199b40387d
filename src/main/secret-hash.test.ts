import { expect, it } from "vitest";
import { createScopedHash, createSecretHash } from "./secret-hash.ts";

it("gives equal hashes for equal values of one scope, and others in another scope and process", () => {
  const [hash, another] = [createScopedHash(), createScopedHash()];
  const shop = hash("shop");
  expect(shop("hunter2")).toMatch(/^[\da-f]{16}$/u);
  expect(hash("shop")("hunter2")).toBe(shop("hunter2"));
  const hashes = [shop("hunter2"), shop("hunter3"), hash("bank")("hunter2"), another("shop")("hunter2")];
  expect(new Set(hashes).size).toBe(4);
  expect(createSecretHash()("hunter2")).not.toBe(createSecretHash()("hunter2"));
});
