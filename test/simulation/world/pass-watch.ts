import { Readable } from "node:stream";
import type { Clock } from "#runtime/clock.ts";
import type { Faults, WatchEnd } from "../faults.ts";

export interface PassOptions {
  readonly clock: Clock;
  /** None where nothing goes wrong. */
  readonly faults: Faults | undefined;
}

/** So long it takes to notice a connection that is dead, by pings or by TCP's own means. */
const silentMs = 60_000;

/** The lines of a watch, as they arrive: later, twice, or not at all, but never in another order. */
export function passWatch(body: Readable, { clock, faults }: PassOptions): Readable {
  const fault = faults?.forWatch();
  const passing = new Passing(body, clock);
  let rest = "";
  body.setEncoding("utf8");
  body.on("data", (chunk: string) => {
    const lines = `${rest}${chunk}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const isTwice = faults?.repeats(fault?.repeats ?? 0) === true;
      const delayMs = Math.max(faults?.latencyMs() ?? 0, faults?.delayMs(fault?.delayMs ?? 0) ?? 0);
      passing.add(delayMs, () => passing.push(`${line}\n${isTwice ? `${line}\n` : ""}`));
    }
  });
  body.on("error", (error) => passing.add(0, () => passing.out.destroy(error)));
  body.on("end", () => passing.add(0, () => passing.finish()));
  if (fault?.end !== undefined) {
    const { end } = fault;
    const alarm = clock.after(fault.afterMs, () => {
      if (faults?.isOver() === false) passing.meet(end);
    });
    passing.out.once("close", () => alarm[Symbol.dispose]());
  }
  return passing.out;
}

/** One watch on its way. */
class Passing {
  readonly out: Readable;
  readonly #clock: Clock;
  #isSilent = false;
  #readyAtMs = 0;

  constructor(body: Readable, clock: Clock) {
    this.#clock = clock;
    this.out = new Readable({
      read: () => undefined,
      destroy: (error, done) => {
        body.destroy();
        done(error);
      },
    });
  }

  /** What happens later, after what was added before it. */
  add(delayMs: number, work: () => void): void {
    this.#readyAtMs = Math.max(this.#readyAtMs, this.#clock.now() + delayMs);
    this.#clock.after(this.#readyAtMs - this.#clock.now(), work);
  }

  push(text: string): void {
    if (!this.#isSilent && !this.out.destroyed) this.out.push(text);
  }

  finish(): void {
    if (!this.#isSilent && !this.out.destroyed) this.out.push(null);
  }

  meet(end: WatchEnd): void {
    switch (end) {
      case "watch-cut":
        this.out.destroy(connectionReset());
        return;
      case "watch-silent":
        this.#isSilent = true;
        this.#clock.after(silentMs, () => this.out.destroy(connectionReset()));
        return;
      case "watch-expired":
        this.push(expired);
        this.finish();
        this.#isSilent = true;
        return;
      default:
        throw new Error(`unhandled end: ${JSON.stringify(end satisfies never)}`);
    }
  }
}

export function connectionReset(): Error {
  return Object.assign(new Error("simulated: the connection broke"), { code: "ECONNRESET" });
}

const expired = `${JSON.stringify({
  type: "ERROR",
  object: {
    kind: "Status",
    apiVersion: "v1",
    status: "Failure",
    message: "too old resource version",
    reason: "Expired",
    code: 410,
  },
})}\n`;
