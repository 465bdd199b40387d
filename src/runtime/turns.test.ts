import { describe, expect, it } from "vitest";
import { createTurns } from "./turns.ts";

describe("turns", () => {
  it("let timers in while many loops run that never wait for anything", async () => {
    const turns = createTurns({ turnMs: 2 });
    let isStopped = false;
    setTimeout(() => (isStopped = true), 10);
    const loop = async (): Promise<boolean> => {
      for (let i = 0; i < 1_000_000 && !isStopped; i += 1) await turns.take();
      return isStopped;
    };
    expect(await Promise.all([loop(), loop(), loop()])).toEqual([true, true, true]);
  });
});
