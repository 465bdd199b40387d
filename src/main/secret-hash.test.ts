import { expect, it } from "vitest";
import { createScopedHash, createSecretHash } from "./secret-hash.ts";

it("gives equal hashes for equal values of one scope, and others in another scope and, without a key, process", () => {
  const [hash, another] = [createScopedHash(() => undefined), createScopedHash(() => undefined)];
  const shop = hash("shop");
  expect(shop("hunter2")).toMatch(/^[\da-f]{16}$/u);
  expect(hash("shop")("hunter2")).toBe(shop("hunter2"));
  const hashes = [shop("hunter2"), shop("hunter3"), hash("bank")("hunter2"), another("shop")("hunter2")];
  expect(new Set(hashes).size).toBe(4);
  expect(createSecretHash()("hunter2")).not.toBe(createSecretHash()("hunter2"));
});

it("masks alike in all replicas that have the same key, and otherwise when the key has become another", () => {
  const key = { now: Buffer.from("server.secretkey") };
  const [one, two] = [createScopedHash(() => key.now), createScopedHash(() => Buffer.from(key.now))];
  const before = one("shop")("hunter2");
  expect(two("shop")("hunter2")).toBe(before);
  expect(one("bank")("hunter2")).not.toBe(before);
  key.now = Buffer.from("another key");
  const after = one("shop")("hunter2");
  expect(after).not.toBe(before);
  expect(two("shop")("hunter2")).toBe(after);
});
