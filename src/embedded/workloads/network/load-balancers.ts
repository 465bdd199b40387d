import type { JsonArray, KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import type { SystemCalls } from "../../collect/system-calls.ts";
import { systemCalls } from "../../collect/system-calls.ts";
import type { StoreEvent, StoreKey } from "../../storage/store.ts";
import { AddressPool } from "../base/address-pool.ts";
import type { Controller, WorkContext } from "../base/controller.ts";
import { readStored } from "../base/controller.ts";
import { Delays } from "../base/delays.ts";
import { isDeleting } from "../base/owned.ts";
import { resources } from "../base/resources.ts";
import { writeStatus } from "../base/write-status.ts";
import { addressesOf, isAddressed, withAddresses } from "./addresses.ts";

/** Addresses that are set apart for tests of networks: they lead nowhere. */
const prefix = "198.18";

/** Gives Services of type LoadBalancer their addresses. */
export class LoadBalancers implements Controller {
  readonly name = "service-lb-controller";
  readonly resource = resources.services;
  readonly #context: WorkContext;
  readonly #calls: SystemCalls;
  readonly #pool = new AddressPool(prefix);
  readonly #delays: Delays;

  constructor(context: WorkContext) {
    this.#context = context;
    this.#delays = new Delays(context.clock, context.timings.addressMs);
    this.#calls = systemCalls(context.state, "service-controller", "cloud-controller-manager");
    for (const { object } of context.state.store.list({ resource: resources.services })) {
      for (const address of addressesOf(object)) this.#pool.keep(address);
    }
  }

  note({ type, stored: { key, object } }: StoreEvent): readonly StoreKey[] {
    if (type !== "deleted" || key.resource !== this.resource) return [];
    for (const address of addressesOf(object)) this.#pool.release(address);
    return [];
  }

  sync(key: StoreKey): number | undefined {
    const service = readStored(this.#context, key);
    if (service === undefined || isDeleting(service)) return this.#delays.forget(key);
    const held = addressesOf(service);
    if (!isBalanced(service)) {
      for (const address of held) this.#pool.release(address);
      if (held.length > 0) this.#write(key, service, []);
      return undefined;
    }
    if (held.length > 0) return this.#delays.forget(key);
    const leftMs = this.#delays.leftMs(key);
    if (leftMs > 0) return leftMs;
    this.#write(key, service, [{ ip: this.#pool.take(), ipMode: "VIP" }]);
    return undefined;
  }

  #write(key: StoreKey, object: KubeObject, ingress: JsonArray): void {
    writeStatus(this.#calls, key, { object, status: withAddresses(object, ingress) });
  }
}

function isBalanced(service: KubeObject): boolean {
  return viewString(service, "spec", "type") === "LoadBalancer" && isAddressed(service);
}
