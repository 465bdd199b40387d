import { expect, it } from "vitest";
import type { LaneRequest } from "./remote-lanes.ts";
import { RemoteLanes } from "./remote-lanes.ts";

const never = new AbortController().signal;

function list(host: string, name: string): LaneRequest {
  return { identity: `${host}/${name}`, host, kind: "list" };
}

/** Enters as many as may and tells which are in. */
async function enterAll(lanes: RemoteLanes, requests: readonly LaneRequest[]) {
  const inside = new Map<string, Disposable>();
  for (const request of requests) {
    void lanes.enter(request, never).then((place) => inside.set(request.identity, place));
  }
  await Promise.resolve().then(() => undefined);
  await new Promise((resolve) => setImmediate(resolve));
  return inside;
}

it("gives one host at most half of the places", async () => {
  const lanes = new RemoteLanes(4);
  const inside = await enterAll(lanes, [
    list("a", "1"),
    list("a", "2"),
    list("a", "3"),
    list("b", "1"),
    list("b", "2"),
  ]);
  expect([...inside.keys()]).toEqual(["a/1", "a/2", "b/1", "b/2"]);
  inside.get("a/1")?.[Symbol.dispose]();
  await new Promise((resolve) => setImmediate(resolve));
  expect([...inside.keys()]).toEqual(["a/1", "a/2", "b/1", "b/2", "a/3"]);
});

it("leaves room for listings beside fetches", async () => {
  const lanes = new RemoteLanes(4);
  const fetches = ["a", "b", "c", "d"].map((host): LaneRequest => ({ ...list(host, "1"), kind: "fetch" }));
  const inside = await enterAll(lanes, [...fetches, list("e", "1")]);
  expect([...inside.keys()]).toEqual(["a/1", "b/1", "c/1", "e/1"]);
});

it("lets repositories that did not answer wait for each other and nobody for them", async () => {
  const lanes = new RemoteLanes(4);
  const dead = ["a", "b", "c"].map((host) => list(host, "dead"));
  for (const { identity } of dead) lanes.report(identity, false);
  const inside = await enterAll(lanes, [...dead, list("d", "1"), list("e", "1"), list("f", "1")]);
  expect([...inside.keys()]).toEqual(["a/dead", "d/1", "e/1", "f/1"]);
});

it("forgets who stopped waiting", async () => {
  const lanes = new RemoteLanes(1);
  const first = await lanes.enter(list("a", "1"), never);
  const stop = new AbortController();
  const second = lanes.enter(list("b", "1"), stop.signal);
  const third = lanes.enter(list("c", "1"), never);
  stop.abort();
  await expect(second).rejects.toMatchObject({ name: "AbortError" });
  first[Symbol.dispose]();
  (await third)[Symbol.dispose]();
});
