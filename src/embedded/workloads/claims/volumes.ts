import { isJsonObject, viewObject, viewString } from "#core/object/index.ts";
import type { SystemCalls } from "../../collect/system-calls.ts";
import { systemCalls } from "../../collect/system-calls.ts";
import type { StoreEvent, StoreKey } from "../../storage/store.ts";
import type { Controller, WorkContext } from "../base/controller.ts";
import { readStored } from "../base/controller.ts";
import { isDeleting, uidOf } from "../base/owned.ts";
import { resources } from "../base/resources.ts";
import { writeStatus } from "../base/write-status.ts";
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
    if (volume === undefined || isDeleting(volume)) return;
    const reference = viewObject(volume, "spec")["claimRef"];
    if (!isJsonObject(reference)) {
      writeStatus(this.#calls, key, { object: volume, status: { phase: "Available" } });
      return;
    }
    const claim = readStored(this.#context, keyOfClaim(reference));
    const uid = viewString(reference, "uid") ?? "";
    if (uid === "" || (claim !== undefined && uidOf(claim) === uid)) return;
    if (viewString(volume, "spec", "persistentVolumeReclaimPolicy") === "Delete") {
      this.#calls.remove(key, { propagation: "Background", uid: uidOf(volume) });
      return;
    }
    writeStatus(this.#calls, key, { object: volume, status: { phase: "Released" } });
  }
}
