import { expect, it, onTestFinished } from "vitest";
import { leaseType, runAsLeader } from "#engine/leader/leader.ts";
import type { JsonObject } from "#core/object/index.ts";
import { openClusterInProcess } from "#embedded/index.ts";
import type { HttpRequest, HttpResponse, KubeCluster } from "#kube/index.ts";
import { startCluster } from "#kube/index.ts";
import { silentLog } from "#runtime/log.ts";
import { createRandom } from "./random.ts";
import type { MachineClock, VirtualClock } from "./time/virtual-clock.ts";
import { createVirtualClock } from "./time/virtual-clock.ts";
import { Network } from "./world/network.ts";
import { connectionTo } from "./world/templates.ts";

const url = "http://hub.example.com";

/** What is carried out at once may be answered late, or never. */
class SlowNetwork extends Network {
  answerMs = 0;
  isDown = false;
  /** The methods of the requests so far. */
  readonly methods: string[] = [];
  readonly #clock: VirtualClock;

  constructor(options: { readonly cluster: ReturnType<typeof openCluster>; readonly clock: VirtualClock }) {
    super(options);
    this.#clock = options.clock;
  }

  override async send(request: HttpRequest): Promise<HttpResponse> {
    const forEver = 3_600_000;
    this.methods.push(request.method);
    if (this.isDown) await this.#clock.sleep(forEver, request.signal);
    const answer = await super.send(request);
    if (request.method !== "GET") await this.#clock.sleep(this.answerMs, request.signal);
    return answer;
  }
}

function openCluster(clock: VirtualClock) {
  const random = createRandom("leader");
  const cluster = openClusterInProcess({
    clock,
    random: () => random.next(),
    onFailure: (error) => {
      throw error;
    },
  });
  onTestFinished(() => cluster[Symbol.asyncDispose]());
  return cluster;
}

/** Replicas that note when they lead: `21100 b leads`. */
class Election {
  readonly clock = createVirtualClock(0);
  readonly events: string[] = [];
  mostAtOnce = 0;
  readonly machines = new Map<string, MachineClock>();
  readonly #cluster = openCluster(this.clock);
  readonly #leading = new Set<string>();
  readonly #stops = new Map<string, AbortController>();

  start(identity: string): SlowNetwork {
    const clock = this.clock.machine();
    this.machines.set(identity, clock);
    const network = new SlowNetwork({ cluster: this.#cluster, clock: this.clock });
    const cluster = this.#client(network);
    const stop = new AbortController();
    this.#stops.set(identity, stop);
    const { signal } = stop;
    const lease = { namespace: "default", name: "controller", durationSeconds: 15, givesBack: true };
    void runAsLeader(
      { ...lease, cluster, identity, clock, elapsedMs: () => clock.elapsedMs(), log: silentLog, signal },
      (leading) => this.#lead(identity, leading),
    );
    return network;
  }

  stop(identity: string): void {
    this.#stops.get(identity)?.abort();
  }

  /** Somebody writes the lease: what is merged into it. */
  async edit(patch: JsonObject): Promise<void> {
    const { signal } = new AbortController();
    const user = this.#client(new Network({ cluster: this.#cluster, clock: this.clock }));
    const lease = { type: leaseType, namespace: "default", name: "controller" };
    await user.mergePatch(lease, patch, { fieldManager: "somebody", signal });
  }

  #client(transport: Network): KubeCluster {
    const { clock } = this;
    return startCluster(connectionTo(url, this.#cluster), {
      clock,
      random: () => 0.5,
      transport,
      keepFresh: false,
    });
  }

  async #lead(identity: string, leading: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#leading.add(identity);
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#leading.size);
    this.events.push(`${identity} leads`);
    leading.addEventListener("abort", () => resolve(undefined), { once: true });
    await promise;
    this.#leading.delete(identity);
    this.events.push(`${identity} stops`);
  }
}

it("never leads beside another one, though the last renewal was answered late and then nothing comes through", async () => {
  const election = new Election();
  const first = election.start("a");
  await election.clock.run(100);
  election.start("b");
  await election.clock.run(2_000);
  first.answerMs = 6_500;
  await election.clock.run(9_600);
  first.isDown = true;
  await election.clock.run(60_000);
  expect(election.events).toEqual(["a leads", "a stops", "b leads"]);
  expect(election.mostAtOnce).toBe(1);
});

it("does not begin to lead on a claim whose answer took longer than the lease", async () => {
  const election = new Election();
  const first = election.start("a");
  first.answerMs = 25_000;
  await election.clock.run(100);
  election.start("b");
  await election.clock.run(24_000);
  first.answerMs = 0;
  await election.clock.run(60_000);
  expect(election.events).toEqual(["b leads"]);
});

it("renews the lease without reading it, and reads it when somebody else has written it", async () => {
  const election = new Election();
  const { methods } = election.start("a");
  await election.clock.run(1_000);
  expect(methods.splice(0)).toEqual(["GET", "POST"]);
  await election.clock.run(10_000);
  expect(methods.splice(0)).toEqual(["PUT", "PUT", "PUT"]);
  const labelled = election.edit({ metadata: { labels: { team: "platform" } } });
  await election.clock.run(13_000);
  await labelled;
  expect(methods.splice(0)).toEqual(["PUT", "GET", "PUT"]);
  expect(election.events).toEqual(["a leads"]);
});

it("stops leading when somebody else has taken the lease", async () => {
  const election = new Election();
  election.start("a");
  await election.clock.run(1_000);
  const taken = election.edit({ spec: { holderIdentity: "b", leaseDurationSeconds: 3_600 } });
  await election.clock.run(10_000);
  await taken;
  expect(election.events).toEqual(["a leads", "a stops"]);
});

it("lets the lease go in time though its clock was set back, and another takes it though its clock was, too", async () => {
  const election = new Election();
  const first = election.start("a");
  await election.clock.run(100);
  election.start("b");
  await election.clock.run(4_000);
  for (const machine of election.machines.values()) machine.jump(-3_600_000);
  first.isDown = true;
  await election.clock.run(60_000);
  expect(election.events).toEqual(["a leads", "a stops", "b leads"]);
  expect(election.mostAtOnce).toBe(1);
});

it("gives the lease back when it is stopped, so that another one leads at its next look", async () => {
  const election = new Election();
  election.start("a");
  await election.clock.run(100);
  election.start("b");
  await election.clock.run(4_000);
  election.stop("a");
  await election.clock.run(7_200);
  expect(election.events).toEqual(["a leads", "a stops", "b leads"]);
  expect(election.mostAtOnce).toBe(1);
});

it("ends though its lease cannot be given back, which another one then takes when it has run out", async () => {
  const election = new Election();
  const first = election.start("a");
  await election.clock.run(100);
  election.start("b");
  await election.clock.run(4_000);
  first.isDown = true;
  election.stop("a");
  await election.clock.run(7_200);
  expect(election.events).toEqual(["a leads", "a stops"]);
  await election.clock.run(40_000);
  expect(election.events).toEqual(["a leads", "a stops", "b leads"]);
});
