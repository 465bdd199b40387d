import { expect, it } from "vitest";
import { createVirtualClock } from "./virtual-clock.ts";

const signal = new AbortController().signal;

it("rings in the order in which alarms are due, and lets what follows from one happen before the next", async () => {
  const clock = createVirtualClock(1_000);
  const seen: string[] = [];
  const note = (what: string) => void seen.push(`${clock.now() - 1_000} ${what}`);
  for (const ms of [30, 10, 20, 10]) clock.after(ms, () => note(`alarm ${ms}`));
  void (async () => {
    for (let round = 0; round < 3; round += 1) {
      await clock.sleep(7, signal);
      note("slept");
    }
  })();
  clock.after(15, () => note("never"))[Symbol.dispose]();
  await clock.run(1_025);
  expect(seen).toEqual(["7 slept", "10 alarm 10", "10 alarm 10", "14 slept", "20 alarm 20", "21 slept"]);
  expect(clock.now()).toBe(1_025);
});

it("ends the sleep of whoever is aborted", async () => {
  const clock = createVirtualClock(0);
  const stop = new AbortController();
  const slept = clock.sleep(1_000, stop.signal);
  stop.abort();
  await expect(slept).rejects.toMatchObject({ name: "AbortError" });
});

it("gives a machine another time, and none once it is stopped", async () => {
  const clock = createVirtualClock(0);
  const machine = clock.machine();
  const rung: number[] = [];
  machine.after(100, () => void rung.push(machine.now()));
  machine.jump(-50);
  await clock.run(150);
  machine.after(100, () => void rung.push(machine.now()));
  machine.stop();
  await clock.run(500);
  expect(rung).toEqual([50]);
});
