import { describe, expect, it } from "vitest";
import type { LeaderOptions } from "#engine/leader/leader.ts";
import { runAsLeader } from "#engine/leader/leader.ts";
import { readKubeconfig, startCluster } from "#kube/index.ts";
import { systemClock } from "#runtime/clock.ts";
import { silentLog } from "#runtime/log.ts";
import { controlPlane, eventually, testNamespace } from "#test/control-plane/fixture.ts";

interface Replica {
  readonly stop: AbortController;
  readonly ended: Promise<void>;
  leads: boolean;
}

async function startReplica(namespace: string, identity: string): Promise<Replica> {
  const { connection } = await readKubeconfig({ path: controlPlane().kubeconfigPath });
  const cluster = startCluster(connection, { keepFresh: false });
  const stop = new AbortController();
  const options: LeaderOptions = {
    cluster,
    namespace,
    name: "mooring-controller",
    identity,
    durationSeconds: 2,
    clock: systemClock,
    elapsedMs: () => performance.now(),
    log: silentLog,
    signal: stop.signal,
  };
  const replica: Replica = { stop, leads: false, ended: Promise.resolve() };
  const lead = async (signal: AbortSignal) => {
    replica.leads = true;
    await new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    replica.leads = false;
  };
  const run = async () => {
    try {
      await runAsLeader(options, lead);
    } finally {
      await cluster[Symbol.asyncDispose]();
    }
  };
  const ended = run();
  return Object.assign(replica, { ended });
}

describe("leader", () => {
  it("is one at a time, and the next one takes over when it ends", async (context) => {
    const namespace = await testNamespace("leader", context);
    const first = await startReplica(namespace, "one");
    await eventually(() => expect(first.leads).toBe(true));
    const second = await startReplica(namespace, "two");
    first.stop.abort(new DOMException("stopped", "AbortError"));
    await first.ended;
    expect(second.leads).toBe(false);
    await eventually(() => expect(second.leads).toBe(true));
    second.stop.abort(new DOMException("stopped", "AbortError"));
    await second.ended;
  });

  it("takes its own lease back at once after a crash", async (context) => {
    const namespace = await testNamespace("leader", context);
    const crashed = await startReplica(namespace, "same");
    await eventually(() => expect(crashed.leads).toBe(true));
    crashed.stop.abort(new DOMException("stopped", "AbortError"));
    await crashed.ended;
    const restarted = await startReplica(namespace, "same");
    await eventually(() => expect(restarted.leads).toBe(true), { timeoutMs: 1_500 });
    restarted.stop.abort(new DOMException("stopped", "AbortError"));
    await restarted.ended;
  });
});
