import { expect, it } from "vitest";
import type { ByteRoomOptions } from "./byte-room.ts";
import { ByteRoom } from "./byte-room.ts";

const mebibyte = 1024 * 1024;
const signal = new AbortController().signal;

function start(options: Partial<ByteRoomOptions> = {}) {
  const alarms = new Set<() => void>();
  const clock = {
    after: (_ms: number, ring: () => void) => {
      alarms.add(ring);
      return { [Symbol.dispose]: () => void alarms.delete(ring) };
    },
  };
  const room = new ByteRoom({ what: "files", maxBytes: 10 * mebibyte, waitMs: 5_000, clock, ...options });
  const entered: string[] = [];
  const enter = async (name: string, mebibytes: number, user = "") => {
    const taken = await room.enter({ bytes: mebibytes * mebibyte, user, signal });
    entered.push(name);
    return taken;
  };
  return { room, enter, entered, alarms };
}

/** Until everything that can go on has gone on. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

it("lets in as much as there is room for, and the others when there is some again, in their order", async () => {
  const { enter, entered, alarms } = start();
  const first = await enter("first", 6);
  const second = enter("second", 6);
  const third = enter("third", 1);
  await settled();
  expect(entered).toEqual(["first"]);
  first.shrink(4 * mebibyte);
  await second;
  expect(entered).toEqual(["first", "second"]);
  first[Symbol.dispose]();
  await third;
  expect([entered.length, alarms.size]).toEqual([3, 0]);
});

it("refuses who has waited for long, and lets those behind them in", async () => {
  const { enter, entered, alarms } = start();
  using _first = await enter("first", 6);
  const second = enter("second", 6);
  const ring = [...alarms];
  const third = enter("third", 3);
  for (const one of ring) one();
  await expect(second).rejects.toMatchObject({ code: "API_THROTTLED", retryAfterMs: 5_000 });
  await third;
  expect(entered).toEqual(["first", "third"]);
});

it("gives back what is disposed of, once", async () => {
  const { enter, entered } = start();
  const first = await enter("first", 10);
  const second = enter("second", 10);
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  first.shrink(0);
  await second;
  void enter("third", 1);
  await settled();
  expect(entered).toEqual(["first", "second"]);
});

it("lets nobody have more places than one may have, and others pass them", async () => {
  const { enter, entered } = start({ maxPerUser: 2 });
  const first = await enter("ada 1", 1, "ada");
  await enter("ada 2", 1, "ada");
  void enter("ada 3", 1, "ada");
  await enter("eve 1", 1, "eve");
  expect(entered).toEqual(["ada 1", "ada 2", "eve 1"]);
  first[Symbol.dispose]();
  await settled();
  expect(entered.at(-1)).toBe("ada 3");
});

it("counts what is small as a mebibyte, so that there are not many without end", async () => {
  const { enter, entered } = start();
  const all = Array.from({ length: 20 }, (_, i) => enter(String(i), 0));
  await settled();
  expect(entered).toHaveLength(10);
  expect(all).toHaveLength(20);
});

it("lets go who goes away", async () => {
  const { room, enter, entered } = start();
  using _first = await enter("first", 8);
  const gone = new AbortController();
  const second = room.enter({ bytes: 8 * mebibyte, signal: gone.signal });
  const third = enter("third", 1);
  gone.abort();
  await expect(second).rejects.toMatchObject({ name: "AbortError" });
  await third;
  expect(entered).toEqual(["first", "third"]);
});
