import { expect, it } from "vitest";
import { SharedWork } from "./shared-work.ts";

const never = new AbortController().signal;

it("goes on while one caller still waits and is cancelled when the last one leaves", async () => {
  let cancelled = false;
  const result = Promise.withResolvers<string>();
  const work = new SharedWork(async (signal) => {
    signal.addEventListener("abort", () => {
      cancelled = true;
    });
    return await result.promise;
  }, never);
  const [first, second] = [new AbortController(), new AbortController()];
  const waits = [work.join(first.signal), work.join(second.signal)];
  first.abort();
  await expect(waits[0]).rejects.toMatchObject({ name: "AbortError" });
  expect([cancelled, work.cancelled]).toEqual([false, false]);
  second.abort();
  await expect(waits[1]).rejects.toMatchObject({ name: "AbortError" });
  expect([cancelled, work.cancelled]).toEqual([true, true]);
  result.reject(new Error("nobody hears this"));
});

it("gives everyone the same result or failure", async () => {
  const good = new SharedWork(async () => await Promise.resolve("done"), never);
  expect(await Promise.all([good.join(never), good.join(never)])).toEqual(["done", "done"]);
  expect(good.cancelled).toBe(false);
  const bad = new SharedWork(async () => await Promise.reject(new Error("no")), never);
  await expect(bad.join(never)).rejects.toThrow("no");
  await expect(bad.join(never)).rejects.toThrow("no");
});
