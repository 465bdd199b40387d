import { expect, it } from "vitest";
import type { AppKey } from "#core/app/index.ts";
import { appKey } from "#core/app/index.ts";
import type { Clock } from "#runtime/clock.ts";
import { WorkQueue } from "#runtime/work-queue.ts";
import { loadOf } from "./load.ts";

it("says what to do when applications wait too long for their turn, and not before", () => {
  let now = 0;
  const idle = { [Symbol.dispose]: () => undefined };
  const clock: Clock = { now: () => now, sleep: () => Promise.resolve(), after: () => idle };
  const queue = new WorkQueue<AppKey>({
    clock,
    backoff: { baseMs: 1, factor: 2, maxMs: 4, jitter: 0 },
  });
  const names = Array.from({ length: 1_200 }, (_, i) => ({
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name: `app-${i}` },
  }));
  const ended = Promise.resolve();
  const applications = {
    get: () => undefined,
    values: () => names.values(),
    observe: () => undefined,
    synced: ended,
    ended,
  };
  const load = () => loadOf({ hub: { applications }, queue, statusProcessors: 20, adapters: { clock } });
  for (let i = 0; i < 1_000; i += 1) queue.add(appKey("argocd", `app-${i}`));
  now = 59_000;
  expect(load()).toEqual({
    applications: 1_200,
    waiting: 1_000,
    longestWaitMs: 59_000,
    statusProcessors: 20,
  });
  now = 130_000;
  expect(load().advice).toMatchInlineSnapshot(
    `"1000 of 1200 applications wait to be looked at, one for 2m10s already, with 20 looked at in parallel; give the controller more of a processor and more --status-processors, ask repositories less often (timeout.reconciliation), or split the applications between installations"`,
  );
});
