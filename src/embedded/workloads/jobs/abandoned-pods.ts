import type { SystemCalls } from "../../collect/system-calls.ts";
import { systemCalls } from "../../collect/system-calls.ts";
import type { StoreKey } from "../../storage/store.ts";
import type { Controller, WorkContext } from "../base/controller.ts";
import { readStored } from "../base/controller.ts";
import { isDeleting } from "../base/owned.ts";
import { resources } from "../base/resources.ts";
import { isTracked, withoutTracking } from "./job-view.ts";

/** Lets pods go whose Job will never count them, because it is gone or going. */
export class AbandonedPods implements Controller {
  readonly name = "job-orphan-pods";
  readonly resource = resources.pods;
  readonly #context: WorkContext;
  readonly #calls: SystemCalls;

  constructor(context: WorkContext) {
    this.#context = context;
    this.#calls = systemCalls(context.state, "job-controller");
  }

  sync(key: StoreKey): undefined {
    const pod = readStored(this.#context, key);
    if (pod === undefined || !isTracked(pod)) return;
    const owner = this.#context.index.controllerKey(pod, resources.jobs);
    const job = owner && readStored(this.#context, owner);
    if (job === undefined || isDeleting(job)) this.#calls.replace(key, withoutTracking(pod));
  }
}
