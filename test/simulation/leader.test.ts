import { expect, it, onTestFinished } from "vitest";
import { runAsLeader } from "#controllers/leader/leader.ts";
import { openClusterInProcess } from "#embedded/index.ts";
import type { HttpRequest, HttpResponse } from "#kube/index.ts";
import { startCluster } from "#kube/index.ts";
import { silentLog } from "#runtime/log.ts";
import { createRandom } from "./random.ts";
import type { VirtualClock } from "./time/virtual-clock.ts";
import { createVirtualClock } from "./time/virtual-clock.ts";
import { Network } from "./world/network.ts";
import { connectionTo } from "./world/templates.ts";

const url = "http://hub.example.com";

/** What is carried out at once may be answered late, or never. */
class SlowNetwork extends Network {
  answerMs = 0;
  isDown = false;
  readonly #clock: VirtualClock;

  constructor(options: { readonly cluster: ReturnType<typeof openCluster>; readonly clock: VirtualClock }) {
    super(options);
    this.#clock = options.clock;
  }

  override async send(request: HttpRequest): Promise<HttpResponse> {
    const forEver = 3_600_000;
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
  readonly #cluster = openCluster(this.clock);
  readonly #leading = new Set<string>();

  start(identity: string): SlowNetwork {
    const { clock } = this;
    const network = new SlowNetwork({ cluster: this.#cluster, clock });
    const cluster = startCluster(connectionTo(url, this.#cluster), {
      clock,
      random: () => 0.5,
      transport: network,
      keepFresh: false,
    });
    const { signal } = new AbortController();
    const lease = { namespace: "default", name: "controller", durationSeconds: 15 };
    void runAsLeader({ ...lease, cluster, identity, clock, log: silentLog, signal }, (leading) =>
      this.#lead(identity, leading),
    );
    return network;
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
