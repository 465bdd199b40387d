import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { RenderPhase } from "./render-time.ts";
import { RenderTime } from "./render-time.ts";

describe("the time of a render", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
  afterEach(() => void vi.useRealTimers());

  const start = () => {
    const ended: RenderPhase[] = [];
    const time = new RenderTime({ loading: 50, rendering: 100, fetching: 1000 }, (phase) =>
      ended.push(phase),
    );
    return { ended, time };
  };

  it("does not begin anew with each fetch: a base with many slow files would otherwise take hours", () => {
    const { ended, time } = start();
    for (let i = 0; i < 9; i += 1) {
      time.enter("rendering");
      vi.advanceTimersByTime(10);
      time.enter("fetching");
      vi.advanceTimersByTime(100);
    }
    expect(ended).toEqual([]);
    time.enter("rendering");
    vi.advanceTimersByTime(11);
    expect(ended).toEqual(["rendering"]);
  });

  it("of all fetches together is limited, too", () => {
    const { ended, time } = start();
    for (let i = 0; i < 11; i += 1) {
      time.enter("fetching");
      vi.advanceTimersByTime(99);
      time.enter("rendering");
    }
    expect(ended).toEqual(["fetching"]);
  });

  it("is over with the render", () => {
    const { ended, time } = start();
    time[Symbol.dispose]();
    time.enter("rendering");
    vi.advanceTimersByTime(10_000);
    expect(ended).toEqual([]);
  });
});
