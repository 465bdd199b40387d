import { describe, expect, it } from "vitest";
import { MooringError } from "#core/errors/index.ts";
import type { Clock } from "#runtime/clock.ts";
import { ClusterBreaker } from "./breaker.ts";

function clockAt(now: { ms: number }): Clock {
  return {
    now: () => now.ms,
    sleep: () => Promise.resolve(),
    after: () => ({ [Symbol.dispose]: () => undefined }),
  };
}

const down = new MooringError("KUBE_UNREACHABLE", "cluster https://b: no answer");

describe("cluster breaker", () => {
  it("lets nobody wait for a cluster that just did not answer, and others work on", async () => {
    const breaker = new ClusterBreaker(clockAt({ ms: 0 }));
    await expect(breaker.run("b", () => Promise.reject(down))).rejects.toBe(down);
    let asked = 0;
    const ask = () => Promise.resolve((asked += 1));
    await expect(breaker.run("b", ask)).rejects.toBe(down);
    expect([await breaker.run("a", ask), asked]).toEqual([1, 1]);
  });

  it("lets one try again after a while, and all once it answers", async () => {
    const now = { ms: 0 };
    const breaker = new ClusterBreaker(clockAt(now));
    await expect(breaker.run("b", () => Promise.reject(down))).rejects.toBe(down);
    now.ms = 10_000;
    const { promise, resolve } = Promise.withResolvers<string>();
    const probe = breaker.run("b", () => promise);
    await expect(breaker.run("b", () => Promise.resolve("second"))).rejects.toBe(down);
    resolve("back");
    expect([await probe, await breaker.run("b", () => Promise.resolve("third"))]).toEqual(["back", "third"]);
  });

  it("passes on what a cluster answers without counting it as an outage", async () => {
    const breaker = new ClusterBreaker(clockAt({ ms: 0 }));
    const forbidden = new MooringError("KUBE_FORBIDDEN", "may not list");
    await expect(breaker.run("b", () => Promise.reject(forbidden))).rejects.toBe(forbidden);
    expect(await breaker.run("b", () => Promise.resolve("fine"))).toBe("fine");
  });
});
