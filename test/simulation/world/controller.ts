import { createHash } from "node:crypto";
import { parse as parseYaml } from "yaml";
import type { ClusterRecord } from "#core/cluster/index.ts";
import { createTextRedactor } from "#core/redact/index.ts";
import { createPlanHash } from "#engine/plan-hash.ts";
import { runApplicationController } from "#controllers/application/index.ts";
import { runAsLeader } from "#engine/leader/leader.ts";
import type { KubeCluster } from "#kube/index.ts";
import { startCluster, startLiveStore } from "#kube/index.ts";
import type { DataKeys } from "#ports/data-keys.ts";
import type { Registry } from "#ports/registry.ts";
import type { Scripts } from "#ports/scripts.ts";
import type { Log } from "#runtime/log.ts";
import { createLog } from "#runtime/log.ts";
import type { Faults } from "../faults.ts";
import type { Random } from "../random.ts";
import type { MachineClock, VirtualClock } from "../time/virtual-clock.ts";
import { SimulatedGitStore } from "./git-store.ts";
import type { Tap } from "./network.ts";
import { Network } from "./network.ts";
import { createRenderer } from "./renderer.ts";
import type { SimulatedRepository } from "./repositories.ts";
import type { SimulatedServer } from "./templates.ts";
import { connectionTo } from "./templates.ts";

export interface ControllerOptions {
  readonly name: string;
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly faults: Faults;
  readonly hub: SimulatedServer;
  /** Clusters by their server URL. */
  readonly clusters: ReadonlyMap<string, SimulatedServer>;
  readonly repositories: ReadonlyMap<string, SimulatedRepository>;
  readonly namespace: string;
  /** Believes that it leads, whatever the lease says. */
  readonly alone: boolean;
  readonly tap: (server: string) => Tap;
  readonly isDown: (server: string) => boolean;
  readonly write: (line: string) => void;
  /** The controller ended by itself, which it never should. */
  readonly onEnd: (error: unknown) => void;
}

/** One controller process. */
export class SimulatedController {
  readonly name: string;
  readonly clock: MachineClock;
  readonly #options: ControllerOptions;
  readonly #random: Random;
  readonly #hub: KubeCluster;
  readonly #networks: { readonly server: string; readonly network: Network }[] = [];
  readonly #end = new AbortController();
  #redact = createTextRedactor([]);

  constructor(options: ControllerOptions) {
    this.#options = options;
    this.name = options.name;
    this.clock = options.clock.machine();
    this.#random = options.random.fork(options.name);
    this.#hub = this.#open(options.hub);
    void this.#run().catch((error: unknown) => {
      if (!this.#end.signal.aborted) options.onEnd(error);
    });
  }

  /** As by kill -9: from now on nothing that it does reaches anything. */
  kill(): void {
    this.clock.stop();
    for (const { network } of this.#networks) network.cut();
    this.#end.abort();
  }

  /** Its connections to a cluster break. */
  breakWatches(server: string): void {
    for (const one of this.#networks) if (one.server === server) one.network.breakWatches();
  }

  #open({ url, cluster }: SimulatedServer): KubeCluster {
    const { clock, faults, tap, isDown } = this.#options;
    const network = new Network({ cluster, clock, faults, tap: tap(url), isDown: () => isDown(url) });
    this.#networks.push({ server: url, network });
    const random = () => this.#random.next();
    return startCluster(connectionTo(url, cluster), { clock: this.clock, random, transport: network });
  }

  async #run(): Promise<void> {
    const { alone, namespace, write } = this.#options;
    const { signal } = this.#end;
    const log = createLog({
      level: "debug",
      format: "text",
      now: () => this.clock.now(),
      redact: (text) => this.#redact(text),
      write: (line) => {
        if (!signal.aborted) write(`${this.name}: ${line}`);
      },
    });
    if (alone) return this.#lead(log, signal);
    // Three times as long as usual: its renewals would be most of what happens.
    const lease = { namespace, name: "mooring-controller", durationSeconds: 45 };
    const { clock, name: identity } = this;
    await runAsLeader(
      { ...lease, cluster: this.#hub, identity, clock, elapsedMs: () => clock.elapsedMs(), log, signal },
      (leading) => this.#lead(log, leading),
    );
  }

  #lead(log: Log, signal: AbortSignal): Promise<void> {
    const { faults, namespace, repositories } = this.#options;
    const { clock, name } = this;
    return runApplicationController({
      hub: this.#hub,
      namespace,
      scripts: noScripts,
      writer: { commit: refuse },
      version: "simulated",
      adapters: {
        git: new SimulatedGitStore({ repositories, clock, faults }),
        registry: noRegistry,
        renderer: createRenderer({ clock, faults }),
        openDataKeys: () => noKeys,
        clock,
      },
      openCluster: (record, ownersOf) =>
        startLiveStore(this.#clusterOf(record), {
          ownersOf,
          clock,
          namespaces: record.namespaces,
          clusterResources: record.clusterResources || record.namespaces.length === 0,
        }),
      parseYaml: (text) => parseYaml(text) as unknown,
      planHash: createPlanHash("simulated"),
      secretHash: (value) => createHash("sha256").update(`${name} ${value}`).digest("hex").slice(0, 8),
      redact: (text) => this.#redact(text),
      onSecrets: (values) => void (this.#redact = createTextRedactor(values)),
      random: () => this.#random.next(),
      log,
      statusProcessors: 20,
      operationProcessors: 10,
      writeConcurrency: 20,
      waveDelayMs: 0,
      revisionWritesPerSecond: 50,
      signal,
    });
  }

  #clusterOf({ server, connection }: ClusterRecord): KubeCluster {
    if (connection === undefined) return this.#hub;
    const found = this.#options.clusters.get(server);
    if (found === undefined) throw new Error(`${server}: no such cluster is simulated`);
    return this.#open(found);
  }
}

const refuse = (): Promise<never> =>
  Promise.reject(new Error("the simulation has no registry, no keys and no scripts"));

const noScripts: Scripts = { jq: refuse, lua: refuse };

const noRegistry: Registry = {
  resolveChart: refuse,
  openChart: refuse,
  readVersions: refuse,
  listCharts: refuse,
  listTags: refuse,
  resolveArtifact: refuse,
  readImage: refuse,
  listSignatures: refuse,
  digestOf: refuse,
  openArtifact: refuse,
  readAnnotations: refuse,
  openFile: refuse,
  test: refuse,
  [Symbol.asyncDispose]: async () => undefined,
};

const noKeys: DataKeys = { identity: async () => "", unwrap: refuse };
