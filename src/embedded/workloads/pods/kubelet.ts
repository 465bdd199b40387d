import type { KubeObject } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewObject, viewString } from "#core/object/index.ts";
import type { SystemCalls } from "../../collect/system-calls.ts";
import { systemCalls } from "../../collect/system-calls.ts";
import type { StoreEvent, StoreKey } from "../../storage/store.ts";
import { AddressPool } from "../base/address-pool.ts";
import type { Controller, WorkContext } from "../base/controller.ts";
import { readStored } from "../base/controller.ts";
import { isDeleting, uidOf } from "../base/owned.ts";
import { isFinished, nodeOf } from "../base/pod-view.ts";
import { resources } from "../base/resources.ts";
import { writeStatus } from "../base/write-status.ts";
import { stopMsOf } from "./behaviour.ts";
import { recordMoment, recordStop } from "./pod-events.ts";
import type { PodRun } from "./pod-run.ts";
import { advancePod, restorePod } from "./pod-run.ts";
import type { Place } from "./pod-status.ts";
import { podStatus } from "./pod-status.ts";

/** Where the addresses of pods on nodes without a network of their own are from. */
const otherPrefix = "10.99";

/** Runs the pods of all nodes. */
export class Kubelet implements Controller {
  readonly name = "kubelet";
  readonly resource = resources.pods;
  readonly #context: WorkContext;
  readonly #calls: SystemCalls;
  /** By uid. What is lost with the process is read from the pods' status. */
  readonly #runs = new Map<string, PodRun>();
  /** The version of a pod for which nothing is left to be done before a time. */
  readonly #settled = new Map<string, Settled>();
  readonly #stopping = new Map<string, number>();
  readonly #pools = new Map<string, AddressPool>();
  /** By uid. */
  readonly #addresses = new Map<string, string>();

  constructor(context: WorkContext) {
    this.#context = context;
    this.#calls = systemCalls(context.state, "kubelet", "kubelet");
    for (const { object } of context.state.store.list({ resource: resources.pods })) {
      const address = viewString(object, "status", "podIP");
      if (address !== undefined) this.#addresses.set(uidOf(object), this.#pool(address).keep(address));
    }
  }

  note({ type, stored: { key, object } }: StoreEvent): readonly StoreKey[] {
    if (type !== "deleted" || key.resource !== resources.pods) return [];
    this.#runs.delete(uidOf(object));
    this.#settled.delete(uidOf(object));
    this.#stopping.delete(uidOf(object));
    const address = this.#addresses.get(uidOf(object));
    if (address !== undefined) this.#pool(address).release(address);
    this.#addresses.delete(uidOf(object));
    return [];
  }

  sync(key: StoreKey): number | undefined {
    const pod = readStored(this.#context, key);
    if (pod === undefined || nodeOf(pod) === "") return undefined;
    const node = readStored(this.#context, { resource: resources.nodes, namespace: "", name: nodeOf(pod) });
    if (isDeleting(pod)) return this.#stop(key, pod);
    if (node === undefined || isFinished(pod)) return undefined;
    return this.#advance(key, { pod, node });
  }

  #advance(
    key: StoreKey,
    { pod, node }: { readonly pod: KubeObject; readonly node: KubeObject },
  ): number | undefined {
    const { timings, clock, events } = this.#context;
    const [uid, now] = [uidOf(pod), clock.now()];
    const settled = this.#settled.get(uid);
    if (settled !== undefined && isStill(settled, pod, now)) {
      return Number.isFinite(settled.untilMs) ? settled.untilMs - now : undefined;
    }
    const advance = advancePod(pod, this.#runs.get(uid) ?? restorePod(pod, now), { timings, now });
    this.#runs.set(uid, advance.run);
    const status = podStatus({ pod, advance, place: this.#placeOf(pod, node), timings, now });
    writeStatus(this.#calls, key, { object: pod, status });
    const version = readStored(this.#context, key)?.metadata.resourceVersion;
    this.#settled.set(uid, { version, untilMs: advance.nextMs ?? Infinity });
    for (const each of advance.moments) recordMoment(events, pod, each);
    return advance.nextMs === undefined ? undefined : advance.nextMs - now;
  }

  /** Gone when its containers have stopped, or when its time of grace is over. */
  #stop(key: StoreKey, pod: KubeObject): number | undefined {
    const { timings, clock, events } = this.#context;
    const [uid, now] = [uidOf(pod), clock.now()];
    const since = this.#stopping.get(uid);
    if (since === undefined) {
      this.#stopping.set(uid, now);
      recordStop(events, pod);
    }
    const graceMs = Number(pod.metadata["deletionGracePeriodSeconds"] ?? 0) * 1000;
    if (graceMs === 0) return undefined;
    const stopMs = isFinished(pod) ? 0 : Math.min(stopMsOf(pod, timings), graceMs);
    const leftMs = (since ?? now) + stopMs - now;
    if (leftMs > 0) return leftMs;
    this.#calls.remove(key, { propagation: undefined, uid, gracePeriodSeconds: 0 });
    return undefined;
  }

  #placeOf(pod: KubeObject, node: KubeObject): Place {
    const addresses = viewArray(node, "status", "addresses").filter(isJsonObject);
    const internal = addresses.find((each) => viewString(each, "type") === "InternalIP");
    const hostIP = viewString(internal, "address") ?? "127.0.0.1";
    if (viewObject(pod, "spec")["hostNetwork"] === true) return { hostIP, podIP: hostIP };
    return { hostIP, podIP: this.#addressFor(pod, node) };
  }

  #addressFor(pod: KubeObject, node: KubeObject): string {
    const given = this.#addresses.get(uidOf(pod));
    if (given !== undefined) return given;
    const prefix =
      /^(\d+\.\d+)\.0\.0\/16$/.exec(viewString(node, "spec", "podCIDR") ?? "")?.[1] ?? otherPrefix;
    const address = this.#pool(`${prefix}.0.0`).take();
    this.#addresses.set(uidOf(pod), address);
    return address;
  }

  #pool(address: string): AddressPool {
    const prefix = address.split(".").slice(0, 2).join(".");
    const pool = this.#pools.get(prefix) ?? new AddressPool(prefix);
    this.#pools.set(prefix, pool);
    return pool;
  }
}

interface Settled {
  readonly version: string | undefined;
  readonly untilMs: number;
}

function isStill({ version, untilMs }: Settled, pod: KubeObject, now: number): boolean {
  return version === pod.metadata.resourceVersion && now < untilMs;
}
