import { expect, it } from "vitest";
import type { ClusterRecord } from "#core/cluster/index.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { Hub } from "#ports/hub.ts";
import type { Clock } from "#runtime/clock.ts";
import { startTargets } from "./targets.ts";

const signal = new AbortController().signal;

function recordOf(server: string): ClusterRecord {
  return {
    name: "a",
    server,
    connection: { server, tls: { insecure: false }, auth: { kind: "token", token: "t" } },
    namespaces: [],
    clusterResources: false,
    labels: {},
    annotations: {},
  };
}

/** Clusters that answer when they are told to, and a clock that is set. */
function start() {
  const closed: string[] = [];
  const answers: (() => void)[] = [];
  let now = 0;
  let callbacks: (readonly [number, () => void])[] = [];
  const clock: Clock = {
    now: () => now,
    sleep: () => Promise.resolve(),
    after: (ms, callback) => {
      callbacks.push([now + ms, callback]);
      return { [Symbol.dispose]: () => undefined };
    },
  };
  const hub = { cluster: { server: "hub" } } as Hub;
  const openCluster = ({ server }: { readonly server: string }): Cluster =>
    ({
      server,
      readVersion: () => new Promise((resolve) => answers.push(() => resolve({ gitVersion: "v1" }))),
      [Symbol.asyncDispose]: () => Promise.resolve(void closed.push(server)),
    }) as unknown as Cluster;
  const targets = startTargets({
    hub,
    config: () => {
      throw new Error("is not asked in this test");
    },
    openCluster,
    clock,
  });
  const advance = (ms: number): void => {
    now += ms;
    const due = callbacks.filter(([at]) => at <= now);
    callbacks = callbacks.filter(([at]) => at > now);
    for (const [, callback] of due) callback();
  };
  return { targets, advance, closed, answers };
}

it("gives the hub's own cluster for a record without a connection, and one handle for each other", () => {
  const { targets } = start();
  const { connection: _none, ...own } = recordOf("hub");
  expect(targets.clusterOf({ ...own, connection: undefined }).server).toBe("hub");
  const [one, again, other] = ["a", "a", "b"].map((server) => targets.clusterOf(recordOf(server)));
  expect([one === again, one === other]).toEqual([true, false]);
});

it("closes what nobody uses any more, and not what is in use", async () => {
  const { targets, advance, closed, answers } = start();
  const used = targets.clusterOf(recordOf("used"));
  targets.clusterOf(recordOf("idle"));
  const answer = used.readVersion(signal);
  advance(300_001);
  advance(300_001);
  expect(closed).toEqual(["idle"]);
  answers[0]?.();
  await answer;
  advance(300_000);
  expect(closed, "it was used until now").toEqual(["idle"]);
  advance(300_001);
  expect(closed).toEqual(["idle", "used"]);
  expect(targets.clusterOf(recordOf("used")) === used).toBe(false);
  await targets[Symbol.asyncDispose]();
  expect(closed).toEqual(["idle", "used", "used"]);
});
