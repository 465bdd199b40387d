import type { InProcessCluster } from "#embedded/index.ts";
import { openClusterInProcess } from "#embedded/index.ts";
import type { KubeCluster } from "#kube/index.ts";
import type { StoreEvent } from "../../../src/embedded/storage/store.ts";
import type { Faults } from "../faults.ts";
import type { Random } from "../random.ts";
import type { VirtualClock } from "../time/virtual-clock.ts";
import { SimulatedController } from "./controller.ts";
import type { GitContent } from "./git-content.ts";
import { createGitContent } from "./git-content.ts";
import type { Tap } from "./network.ts";
import { createRepository } from "./repositories.ts";
import type { SimulatedServer, Templates } from "./templates.ts";
import { hubNamespace, hubUrl, openTemplates, targetUrl, userOf } from "./templates.ts";

/** Told of what happens in the world. */
export interface Witness {
  onStoreEvent(server: string, event: StoreEvent): void;
  /** Requests of a controller to a cluster. */
  onRequest(controller: string, server: string): Tap;
  onLog(line: string): void;
  /** Something in the simulated world itself, or a controller that ended. */
  onFailure(what: string): void;
}

export interface WorldOptions {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly faults: Faults;
  readonly witness: Witness;
  readonly repositoryCount: number;
  readonly hasTarget: boolean;
}

/** The clusters of a new world, its repositories, and nobody at work. */
export async function createWorld(options: WorldOptions): Promise<World> {
  return new World(options, await openTemplates(options.clock.now()));
}

/** Clusters, repositories and controllers of one simulation. */
export class World implements AsyncDisposable {
  readonly clock: VirtualClock;
  readonly servers: ReadonlyMap<string, SimulatedServer>;
  /** What people do, next to the cluster: nothing goes wrong on their way. */
  readonly users: ReadonlyMap<string, KubeCluster>;
  readonly contents: readonly GitContent[];
  readonly controllers: SimulatedController[] = [];
  readonly #options: WorldOptions;
  readonly #downUntil = new Map<string, number>();
  #started = 0;

  constructor(options: WorldOptions, templates: Templates) {
    const { clock, hasTarget, repositoryCount } = options;
    this.#options = options;
    this.clock = clock;
    const hub = { url: hubUrl, from: hasTarget ? templates.hubOfTwo : templates.hub };
    const all = hasTarget ? [hub, { url: targetUrl, from: templates.target }] : [hub];
    this.servers = new Map(all.map(({ url, from }) => [url, { url, cluster: copyOf(from, url, options) }]));
    this.users = new Map([...this.servers].map(([url, { cluster }]) => [url, userOf(url, cluster, clock)]));
    this.contents = Array.from({ length: repositoryCount }, (_, i) =>
      createGitContent(createRepository(`https://git.example.com/team-${i}.git`)),
    );
  }

  /** Starts a controller; one that is `alone` does not ask whether another leads. */
  startController(alone: boolean): SimulatedController {
    const { clock, random, faults, witness } = this.#options;
    this.#started += 1;
    const name = `controller-${this.#started}`;
    const controller = new SimulatedController({
      name,
      clock,
      random,
      faults,
      hub: this.#hub(),
      clusters: this.servers,
      repositories: new Map(this.contents.map(({ repository }) => [repository.url, repository])),
      namespace: hubNamespace,
      alone,
      tap: (server) => witness.onRequest(name, server),
      isDown: (server) => clock.now() < (this.#downUntil.get(server) ?? 0),
      write: (line) => witness.onLog(line),
      onEnd: (error) => witness.onFailure(`${name} ended: ${describe(error)}`),
    });
    this.controllers.push(controller);
    return controller;
  }

  killController(controller: SimulatedController): void {
    const at = this.controllers.indexOf(controller);
    if (at >= 0) this.controllers.splice(at, 1);
    controller.kill();
  }

  /** No connection to the cluster can be made until then. */
  takeDown(server: string, untilMs: number): void {
    this.#downUntil.set(server, untilMs);
    for (const controller of this.controllers) controller.breakWatches(server);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const controller of this.controllers) controller.kill();
    for (const user of this.users.values()) await user[Symbol.asyncDispose]();
    for (const { cluster } of this.servers.values()) await cluster[Symbol.asyncDispose]();
  }

  #hub(): SimulatedServer {
    const hub = this.servers.get(hubUrl);
    if (hub === undefined) throw new Error("there is no hub");
    return hub;
  }
}

export function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function copyOf(
  from: InProcessCluster,
  url: string,
  { clock, random, witness }: WorldOptions,
): InProcessCluster {
  const drawn = random.fork(url);
  return openClusterInProcess({
    from,
    clock,
    random: () => drawn.next(),
    onEvent: (event) => witness.onStoreEvent(url, event),
    onFailure: (error) => witness.onFailure(`${url}: ${describe(error)}`),
  });
}
