import { hash } from "bcryptjs";
import { expect, it } from "vitest";
import { startPasswords } from "./passwords.ts";

const signal = new AbortController().signal;

it("tells a right password from a wrong one, and makes hashes that do", async () => {
  await using passwords = startPasswords();
  const hashed = await passwords.hash("pässword", signal);
  expect(hashed).toMatch(/^\$2[aby]\$10\$/u);
  expect(await passwords.verify("pässword", hashed, { lane: "other", signal })).toBe(true);
  expect(await passwords.verify("password", hashed, { lane: "other", signal })).toBe(false);
  expect(await passwords.verify("pässword", undefined, { lane: "other", signal })).toBe(false);
});

it("lets only so many wait, and those that are known before the others", async () => {
  await using passwords = startPasswords({ maxWaiting: 3 });
  const hashed = await hash("a", 6);
  const ended: string[] = [];
  const attempt = async (lane: "known" | "other", name: string) => {
    const isRight = await passwords.verify("a", hashed, { lane, signal });
    ended.push(name);
    return isRight;
  };
  const others = [1, 2, 3].map(async (n) => await attempt("other", `other ${n}`));
  await expect(attempt("other", "other 4")).rejects.toMatchObject({
    code: "API_THROTTLED",
    retryAfterMs: 5_000,
  });
  await Promise.all([...others, attempt("known", "known 1"), attempt("known", "known 2")]);
  expect(ended).toEqual(["other 1", "known 1", "known 2", "other 2", "other 3"]);
});

it("frees the place of whoever gave up waiting", async () => {
  await using passwords = startPasswords({ maxWaiting: 2 });
  const hashed = await hash("a", 6);
  const impatient = new AbortController();
  const first = passwords.verify("a", hashed, { lane: "other", signal });
  const second = passwords.verify("a", hashed, { lane: "other", signal: impatient.signal });
  impatient.abort();
  await expect(second).rejects.toMatchObject({ name: "AbortError" });
  const third = passwords.verify("a", hashed, { lane: "other", signal });
  expect(await Promise.all([first, third])).toEqual([true, true]);
});
