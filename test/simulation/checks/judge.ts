import type { Application } from "#core/app/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import type { HttpRequest } from "#kube/index.ts";
import type { StoreEvent } from "../../../src/embedded/storage/store.ts";
import type { VirtualClock } from "../time/virtual-clock.ts";
import { applications } from "../workload/acts/index.ts";
import type { AppModel } from "../workload/apps.ts";
import { base64, secretMark, versionOf } from "../workload/objects.ts";
import type { Sent } from "../world/network.ts";
import type { Witness, World } from "../world/world.ts";
import { ApprovalCheck } from "./approval-check.ts";
import { DependencyCheck } from "./dependency-check.ts";
import { HistoryCheck } from "./history-check.ts";
import { Ownership } from "./ownership.ts";
import { placeOf, readWrite } from "./requests.ts";
import { Sightings } from "./sightings.ts";
import { WindowCheck } from "./window-check.ts";

export interface JudgeOptions {
  readonly clock: VirtualClock;
  readonly world: () => World;
  /** Every Application that ever was, as its owner wanted it, newest last. */
  readonly models: ReadonlyMap<string, readonly AppModel[]>;
  /** A controller has carried out a write. */
  readonly onWrite: (controller: string) => void;
  readonly note: (text: string) => void;
}

const maxFindings = 20;
const secretTexts = [`${secretMark}-`, base64(secretMark).replace(/=+$/, "").slice(0, -1)];

/** Watches everything that happens, and says what must not have happened. */
export class Judge implements Witness {
  readonly findings: string[] = [];
  readonly ownership: Ownership;
  readonly models: ReadonlyMap<string, readonly AppModel[]>;
  readonly #options: JudgeOptions;
  readonly #sightings = new Sightings();
  readonly #history: HistoryCheck;
  readonly #dependencies: DependencyCheck;
  readonly windows: WindowCheck;
  readonly #approvals: ApprovalCheck;
  #writes = 0;

  constructor(options: JudgeOptions) {
    const { models, world } = options;
    const find = (what: string): void => this.onFailure(what);
    this.#options = options;
    this.models = models;
    this.ownership = new Ownership({ world, models, sightings: this.#sightings, find });
    this.windows = new WindowCheck(find);
    this.#approvals = new ApprovalCheck({ world, models, find });
    this.#history = new HistoryCheck({ models, sightings: this.#sightings, find });
    this.#dependencies = new DependencyCheck({ models, find });
  }

  /** Writes of controllers so far, but those of leases. */
  get writes(): number {
    return this.#writes;
  }

  onFailure(what: string): void {
    if (this.findings.length < maxFindings) this.findings.push(what);
  }

  onLog(line: string): void {
    if (holdsSecret(line)) this.onFailure(`a log line holds a secret: ${line}`);
    this.#options.note(line.trimEnd());
  }

  onStoreEvent(server: string, { type, stored }: StoreEvent): void {
    const { key, object } = stored;
    const isApplication = key.resource === applications;
    if ((isApplication || key.resource === "/events") && holdsSecret(stored.text)) {
      this.onFailure(`${key.resource} ${key.name} holds a secret`);
    }
    if (isApplication && type !== "deleted") {
      this.ownership.noteSync(object as Application);
      this.#history.look(object as Application);
      this.windows.look(object as Application);
      this.#approvals.look(object as Application);
      this.#dependencies.look(object as Application);
    }
    const [place, atMs, version] = [placeOf(server, key), this.#options.clock.now(), versionOf(object)];
    if (type === "deleted") this.#sightings.end(place, atMs);
    else if (version !== undefined) {
      this.#sightings.see(place, { version, atMs, isSettled: isSettled(object) });
    }
  }

  onRequest(controller: string, server: string) {
    return (request: HttpRequest, sent: Sent): ((status: number) => void) => {
      if (holdsSecret(request.path)) this.onFailure(`a URL holds a secret: ${request.path}`);
      const write = readWrite(request);
      if (write === undefined || write.resource === "coordination.k8s.io/leases") return () => undefined;
      if (write.resource !== applications) {
        this.#approvals.onWrite(server, write);
        if (write.verb === "delete") this.ownership.onDelete(server, write);
        else this.ownership.onApply(server, write, sent);
      }
      return (status) => {
        const at = `${write.resource} ${write.namespace}/${write.name}`;
        this.#options.note(`${controller}: ${write.verb} ${at} of ${server}: ${status}`);
        if (status >= 400) return;
        this.#writes += 1;
        this.#options.onWrite(controller);
      };
    };
  }
}

function holdsSecret(text: string): boolean {
  return secretTexts.some((secret) => text.includes(secret));
}

type WithStatus = KubeObject & {
  readonly spec?: { readonly replicas?: number };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly availableReplicas?: number;
    readonly updatedReplicas?: number;
  };
};

/** A Deployment is settled when its pods are; other kinds as soon as they are there. */
function isSettled(object: KubeObject): boolean {
  if (object.kind !== "Deployment") return true;
  const { status, spec, metadata } = object as WithStatus;
  const wanted = spec?.replicas ?? 1;
  const isObserved = status?.observedGeneration === metadata.generation;
  return isObserved && (status?.updatedReplicas ?? 0) >= wanted && (status?.availableReplicas ?? 0) >= wanted;
}
