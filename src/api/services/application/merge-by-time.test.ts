import { expect, it } from "vitest";
import { systemClock } from "#runtime/clock.ts";
import { mergeByTime } from "./merge-by-time.ts";

interface Line {
  readonly time: string;
  readonly text: string;
}

const at = (time: string) => ({ time: `2026-01-31T12:00:${time}Z`, text: time });

async function* log(...lines: readonly Line[]): AsyncGenerator<Line> {
  yield* lines;
}

it("puts the lines of several logs in the order of their times, to the nanosecond", async () => {
  const options = { patienceMs: undefined, clock: systemClock, signal: new AbortController().signal };
  const logs = [log(at("01"), at("03.000000002"), at("09")), log(), log(at("02.5"), at("03"), at("03.1"))];
  const found: string[] = [];
  for await (const { text } of mergeByTime(logs, options)) found.push(text);
  expect(found).toEqual(["01", "02.5", "03", "03.000000002", "03.1", "09"]);
});

it("goes on without a log that is silent, and hears it again when it speaks", async () => {
  const speaks = Promise.withResolvers<undefined>();
  async function* slow(): AsyncGenerator<Line> {
    await speaks.promise;
    yield at("05");
  }
  const options = { patienceMs: 5, clock: systemClock, signal: new AbortController().signal };
  const merged = mergeByTime([log(at("01"), at("02")), slow()], options);
  expect((await merged.next()).value).toMatchObject({ text: "01" });
  expect((await merged.next()).value).toMatchObject({ text: "02" });
  speaks.resolve(undefined);
  expect((await merged.next()).value).toMatchObject({ text: "05" });
  expect((await merged.next()).done).toBe(true);
});

it("throws what a log throws, and ends when nobody listens any more", async () => {
  async function* broken(): AsyncGenerator<Line> {
    yield at("01");
    throw new Error("the connection was cut");
  }
  const options = { patienceMs: undefined, clock: systemClock };
  const listening = new AbortController();
  const merged = mergeByTime([broken()], { ...options, signal: listening.signal });
  expect((await merged.next()).value).toMatchObject({ text: "01" });
  await expect(merged.next()).rejects.toThrow("the connection was cut");
  listening.abort();
  expect((await mergeByTime([log(at("01"))], { ...options, signal: listening.signal }).next()).done).toBe(
    true,
  );
});
