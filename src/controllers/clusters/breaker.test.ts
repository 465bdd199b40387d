import { describe, expect, it } from "vitest";
import { MooringError } from "#core/errors/index.ts";
import type { Clock } from "#runtime/clock.ts";
import { ClusterBreaker } from "./breaker.ts";

function breakerAt(now: { ms: number }) {
  const clock: Clock = {
    now: () => now.ms,
    sleep: () => Promise.resolve(),
    after: () => ({ [Symbol.dispose]: () => undefined }),
  };
  const breaker = new ClusterBreaker(clock);
  const opened: string[] = [];
  /** Visits cluster `a` or `b`; what is not told succeeds. */
  const visit = (
    server: string,
    parts: {
      readonly visitor?: string;
      readonly greet?: () => Promise<unknown>;
      readonly work?: () => Promise<string>;
    } = {},
  ): Promise<string> => {
    const { visitor = "shop", greet = () => Promise.resolve(), work = () => Promise.resolve("done") } = parts;
    return breaker.run({ server, visitor, greet, work, onOpen: () => opened.push(visitor) });
  };
  return { visit, opened };
}

const down = new MooringError("KUBE_UNREACHABLE", "cluster https://b: no answer");
const slow = new MooringError("KUBE_TIMEOUT", "widgets.example.com: the first list took longer than 60 s");
const fail = (error: Error) => () => Promise.reject(error);

describe("cluster breaker", () => {
  it("lets nobody wait for a cluster that just did not answer, and others work on", async () => {
    const { visit } = breakerAt({ ms: 0 });
    await expect(visit("b", { greet: fail(down) })).rejects.toBe(down);
    let asked = 0;
    const work = () => Promise.resolve(`${(asked += 1)}`);
    await expect(visit("b", { work })).rejects.toBe(down);
    expect([await visit("a", { work }), asked]).toEqual(["1", 1]);
  });

  it("lets one try again after a while, and all once it answers", async () => {
    const now = { ms: 0 };
    const { visit } = breakerAt(now);
    await expect(visit("b", { work: fail(down) })).rejects.toBe(down);
    now.ms = 10_000;
    const { promise, resolve } = Promise.withResolvers<void>();
    const probe = visit("b", { greet: () => promise });
    await expect(visit("b")).rejects.toBe(down);
    resolve();
    expect([await probe, await visit("b")]).toEqual(["done", "done"]);
  });

  it("passes on what a cluster answers without counting it as an outage", async () => {
    const { visit } = breakerAt({ ms: 0 });
    const forbidden = new MooringError("KUBE_FORBIDDEN", "may not list");
    await expect(visit("b", { work: fail(forbidden) })).rejects.toBe(forbidden);
    await expect(visit("b", { greet: fail(forbidden) })).rejects.toBe(forbidden);
    expect(await visit("b")).toBe("done");
  });

  it("does not take one kind that is slow to list for a cluster that is out, but one without discovery", async () => {
    const { visit } = breakerAt({ ms: 0 });
    await expect(visit("b", { work: fail(slow) })).rejects.toBe(slow);
    expect(await visit("b")).toBe("done");
    await expect(visit("b", { greet: fail(slow) })).rejects.toBe(slow);
    await expect(visit("b")).rejects.toBe(slow);
  });

  it("lets two find out whether a cluster answers, and calls the others when they know", async () => {
    const { visit, opened } = breakerAt({ ms: 0 });
    const { promise, resolve } = Promise.withResolvers<void>();
    const greet = () => promise;
    const first = ["one", "two"].map((visitor) => visit("a", { visitor, greet }));
    for (const visitor of ["three", "four", "three"]) {
      await expect(visit("a", { visitor, greet })).rejects.toMatchObject({ code: "KUBE_PENDING" });
    }
    expect(await visit("b")).toBe("done");
    resolve();
    expect([await Promise.all(first), opened]).toEqual([
      ["done", "done"],
      ["three", "four"],
    ]);
    const many = Array.from({ length: 20 }, () => visit("a", { greet: () => Promise.resolve() }));
    expect(new Set(await Promise.all(many))).toEqual(new Set(["done"]));
  });

  it("tells those that waited why, when nobody answered", async () => {
    const { visit, opened } = breakerAt({ ms: 0 });
    const { promise, reject } = Promise.withResolvers<void>();
    const first = ["one", "two"].map((visitor) => visit("a", { visitor, greet: () => promise }));
    await expect(visit("a", { visitor: "three" })).rejects.toMatchObject({ code: "KUBE_PENDING" });
    reject(down);
    expect(await Promise.allSettled(first)).toEqual([1, 2].map(() => ({ status: "rejected", reason: down })));
    expect(opened).toEqual(["three"]);
    await expect(visit("a", { visitor: "three" })).rejects.toBe(down);
  });
});
