import fc from "fast-check";
import { expect, it } from "vitest";
import type { Store } from "../store.ts";
import { drain, fill, pod, podKey, pods, secretKey, turn, type OpenStore } from "./fixture.ts";

/** A reader that counts the calls it gets. */
function countingReader(store: Store, after = store.revision) {
  const count = { calls: 0 };
  const onEvents = (): void => void (count.calls += 1);
  return { count, reader: store.openReader({ resource: pods, namespace: "shop", after, onEvents }) };
}

export function describeCalls(open: OpenStore): void {
  it("calls after a write and not during it, once for many", async () => {
    using store = open();
    const { count, reader } = countingReader(store);
    fill(store, "shop/a", "shop/b");
    expect(count.calls).toBe(0);
    await turn();
    expect(count.calls).toBe(1);
    reader[Symbol.dispose]();
  });

  it("does not call again before all was read", async () => {
    using store = open();
    const { count, reader } = countingReader(store);
    fill(store, "shop/a", "shop/b");
    await turn();
    reader.next();
    fill(store, "shop/c");
    await turn();
    expect(count.calls).toBe(1);
    expect(drain(reader)).toHaveLength(2);
    fill(store, "shop/d");
    await turn();
    expect(count.calls).toBe(2);
    reader[Symbol.dispose]();
  });

  it("does not call for what was read in the meantime", async () => {
    using store = open();
    const { count, reader } = countingReader(store);
    fill(store, "shop/a");
    drain(reader);
    await turn();
    expect(count.calls).toBe(0);
    fill(store, "shop/b");
    await turn();
    expect(count.calls).toBe(1);
    reader[Symbol.dispose]();
  });
}

export function describeWhomToCall(open: OpenStore): void {
  it("does not call for other namespaces and resources, nor once it is closed", async () => {
    using store = open();
    const { count, reader } = countingReader(store);
    fill(store, "bank/a");
    store.write(secretKey, pod("s"));
    await turn();
    fill(store, "shop/a");
    reader[Symbol.dispose]();
    await turn();
    expect(count.calls).toBe(0);
  });

  it("calls a reader that is opened when there is something to read already", async () => {
    using store = open();
    const after = store.revision;
    fill(store, "shop/a");
    const { count, reader } = countingReader(store, after);
    expect(count.calls).toBe(0);
    await turn();
    expect(count.calls).toBe(1);
    reader[Symbol.dispose]();
  });
}

export function describeCalledReaders(open: OpenStore): void {
  it("lets a call write, open and close readers", async () => {
    using store = open();
    const seen: string[] = [];
    const options = { resource: pods, after: store.revision };
    const first = store.openReader({
      ...options,
      onEvents: () => {
        seen.push(...drain(first));
        first[Symbol.dispose]();
        store.write(podKey("b"), pod("b"));
      },
    });
    using second = store.openReader({ ...options, onEvents: () => seen.push(...drain(second)) });
    const { revision } = store.write(podKey("a"), pod("a"));
    await turn();
    const [a, b] = [`created a ${revision}`, `created b ${revision + 1}`];
    expect(seen).toEqual([a, a, b]);
  });

  it("calls often enough for readers that read on calls alone, and for those that look in between", async () => {
    const step = fc.constantFrom("shop", "bank", "look", "turn");
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        using store = open();
        const options = { resource: pods, namespace: "shop", after: store.revision };
        const seen: string[] = [];
        using reader = store.openReader({ ...options, onEvents: () => seen.push(...drain(reader)) });
        const written: string[] = [];
        for (const namespace of steps) {
          if (namespace === "turn") await turn();
          else if (namespace === "look") seen.push(...drain(reader));
          else {
            const { revision } = store.write(podKey(`${namespace}-${written.length}`, namespace), pod("p"));
            if (namespace === "shop") written.push(`created shop-${written.length} ${revision}`);
          }
        }
        await turn();
        expect(seen).toEqual(written);
      }),
      { numRuns: 20 },
    );
  });
}
