import { expect, it } from "vitest";
import { SharedAnswers } from "./shared-answers.ts";

const { signal } = new AbortController();

it("does not answer by a question under way that was sent before the time that the caller asks about", async () => {
  let nowMs = 1_000;
  const clock = {
    now: () => nowMs,
    sleep: () => Promise.resolve(),
    after: () => ({ [Symbol.dispose]: () => undefined }),
  };
  const answers = new SharedAnswers<number>({ clock, failureMemoryMs: 0, signal });
  const replies: ((value: number) => void)[] = [];
  const ask = (maxAgeMs: number) =>
    answers.ask({
      key: "shop",
      maxAgeMs,
      signal,
      ask: (_signal, onStart) => {
        onStart();
        const { promise, resolve } = Promise.withResolvers<number>();
        replies.push(resolve);
        return promise;
      },
    });
  const before = ask(0);
  nowMs += 500;
  const old = ask(60_000);
  const news = ask(100);
  replies[0]?.(1);
  expect([await before, await old]).toEqual([1, 1]);
  await expect.poll(() => replies.length).toBe(2);
  replies[1]?.(2);
  expect(await news).toBe(2);
  expect(await ask(100)).toBe(2);
  expect(replies).toHaveLength(2);
});
