import type { SystemCalls } from "../../collect/system-calls.ts";
import { systemCalls } from "../../collect/system-calls.ts";
import type { StoreKey } from "../../storage/store.ts";
import type { Controller, WorkContext } from "../base/controller.ts";
import { readStored } from "../base/controller.ts";
import { Delays } from "../base/delays.ts";
import { isDeleting } from "../base/owned.ts";
import { resources } from "../base/resources.ts";
import { writeStatus } from "../base/write-status.ts";
import { addressesOf, isAddressed, withAddresses } from "./addresses.ts";

/** One load balancer is before all Ingresses. */
const address = "198.19.255.1";

/** Gives Ingresses the address of the load balancer before them. */
export class Ingresses implements Controller {
  readonly name = "ingress-controller";
  readonly resource = resources.ingresses;
  readonly #context: WorkContext;
  readonly #calls: SystemCalls;
  readonly #delays: Delays;

  constructor(context: WorkContext) {
    this.#context = context;
    this.#delays = new Delays(context.clock, context.timings.addressMs);
    this.#calls = systemCalls(context.state, this.name, this.name);
  }

  sync(key: StoreKey): number | undefined {
    const ingress = readStored(this.#context, key);
    if (ingress === undefined || isDeleting(ingress)) return this.#delays.forget(key);
    if (!isAddressed(ingress) || addressesOf(ingress).length > 0) return this.#delays.forget(key);
    const leftMs = this.#delays.leftMs(key);
    if (leftMs > 0) return leftMs;
    const status = withAddresses(ingress, [{ ip: address }]);
    writeStatus(this.#calls, key, { object: ingress, status });
    return undefined;
  }
}
