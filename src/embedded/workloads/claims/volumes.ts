import type { JsonObject } from "#core/object/index.ts";
import { isJsonObject, viewObject, viewString } from "#core/object/index.ts";
import type { SystemCalls } from "../../collect/system-calls.ts";
import { systemCalls } from "../../collect/system-calls.ts";
import type { StoreEvent, StoreKey } from "../../storage/store.ts";
import type { Controller, WorkContext } from "../base/controller.ts";
import { readStored } from "../base/controller.ts";
import { isDeleting, uidOf } from "../base/owned.ts";
import { resources } from "../base/resources.ts";
import { writeStatus } from "../base/write-status.ts";
import { release, volumeProtection } from "./protection.ts";
import { keyOfClaim } from "./provisioned-volume.ts";

/** Lets volumes go whose claims are gone. */
export class Volumes implements Controller {
  readonly name = "persistentvolume-reclaimer";
  readonly resource = resources.volumes;
  readonly #context: WorkContext;
  readonly #calls: SystemCalls;

  constructor(context: WorkContext) {
    this.#context = context;
    this.#calls = systemCalls(context.state, "persistentvolume-binder");
  }

  note({ type, stored: { key, object } }: StoreEvent): readonly StoreKey[] {
    if (type !== "deleted" || key.resource !== resources.claims) return [];
    const name = viewString(object, "spec", "volumeName") ?? "";
    return name === "" ? [] : [{ resource: this.resource, namespace: "", name }];
  }

  sync(key: StoreKey): undefined {
    const volume = readStored(this.#context, key);
    if (volume === undefined) return;
    const reference = viewObject(volume, "spec")["claimRef"];
    const isHeld = isJsonObject(reference) && this.#isHeld(reference);
    if (isDeleting(volume)) {
      if (!isHeld) release(this.#calls, { key, object: volume, finalizer: volumeProtection });
      return;
    }
    if (!isJsonObject(reference)) {
      writeStatus(this.#calls, key, { object: volume, status: { phase: "Available" } });
      return;
    }
    if (isHeld || (viewString(reference, "uid") ?? "") === "") return;
    if (viewString(volume, "spec", "persistentVolumeReclaimPolicy") === "Delete") {
      this.#calls.remove(key, { propagation: "Background", uid: uidOf(volume) });
      return;
    }
    writeStatus(this.#calls, key, { object: volume, status: { phase: "Released" } });
  }

  #isHeld(reference: JsonObject): boolean {
    const claim = readStored(this.#context, keyOfClaim(reference));
    return claim !== undefined && uidOf(claim) === viewString(reference, "uid");
  }
}
