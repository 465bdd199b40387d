import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { annotationsOf, isJsonObject, jsonEqual, viewObject, viewString } from "#core/object/index.ts";
import type { SystemCalls } from "../../collect/system-calls.ts";
import { systemCalls } from "../../collect/system-calls.ts";
import type { StoreEvent, StoreKey } from "../../storage/store.ts";
import type { Controller, WorkContext } from "../base/controller.ts";
import { readStored } from "../base/controller.ts";
import { Delays } from "../base/delays.ts";
import { isDeleting, keyIn, nameOf, present, uidOf } from "../base/owned.ts";
import { resources } from "../base/resources.ts";
import { writeStatus } from "../base/write-status.ts";
import { simulated } from "../pods/behaviour.ts";
import { claimProtection, claimsReleasedBy, isUsed, release } from "./protection.ts";
import { keyOfClaim, provisioned, referenceToClaim } from "./provisioned-volume.ts";

const component = "persistentvolume-controller";

/** Binds claims to volumes, which are made for them. */
export class Claims implements Controller {
  readonly name = "persistentvolume-binder";
  readonly resource = resources.claims;
  readonly #context: WorkContext;
  readonly #calls: SystemCalls;
  readonly #delays: Delays;
  /** By the name of the volume that is not there yet. */
  readonly #waiting = new Map<string, StoreKey>();

  constructor(context: WorkContext) {
    this.#context = context;
    this.#delays = new Delays(context.clock, context.timings.bindMs);
    this.#calls = systemCalls(context.state, this.name);
  }

  /** The claim that a volume is for, and the one that waits for it by its name. */
  note(event: StoreEvent): readonly StoreKey[] {
    const { key, object } = event.stored;
    if (key.resource !== resources.volumes) return claimsReleasedBy(event);
    const holder = viewObject(object, "spec")["claimRef"];
    const waiting = this.#waiting.get(key.name);
    return [
      ...(isJsonObject(holder) ? [keyOfClaim(holder)] : []),
      ...(waiting === undefined ? [] : [waiting]),
    ];
  }

  sync(key: StoreKey): number | undefined {
    const claim = readStored(this.#context, key);
    if (claim !== undefined && isDeleting(claim) && !isUsed(this.#context, claim))
      release(this.#calls, { key, object: claim, finalizer: claimProtection });
    if (claim === undefined || isDeleting(claim) || isHanging(claim)) return this.#delays.forget(key);
    if (viewString(claim, "status", "phase") === "Bound") return this.#checkVolume(key, claim);
    const leftMs = this.#delays.leftMs(key);
    if (leftMs > 0) return leftMs;
    const volume = this.#volumeFor(claim);
    const wanted = viewString(claim, "spec", "volumeName") ?? "";
    if (volume === undefined) this.#waiting.set(wanted, key);
    else this.#waiting.delete(wanted);
    if (volume !== undefined) this.#bind(key, claim, volume);
    return undefined;
  }

  /** The volume that the claim names, or a new one; undefined while that is not there or somebody else's. */
  #volumeFor(claim: KubeObject): KubeObject | undefined {
    const wanted = viewString(claim, "spec", "volumeName") ?? "";
    const volume = wanted === "" ? provisioned(claim) : undefined;
    const name = volume === undefined ? wanted : nameOf(volume);
    const key = { resource: resources.volumes, namespace: "", name };
    if (volume !== undefined && readStored(this.#context, key) === undefined) {
      this.#calls.create(key, volume);
      this.#context.events.record({
        object: claim,
        reason: "ProvisioningSucceeded",
        message: `Successfully provisioned volume ${name}`,
        component,
      });
    }
    const found = readStored(this.#context, key);
    const holder = viewString(found, "spec", "claimRef", "uid") ?? "";
    return holder === "" || holder === uidOf(claim) ? found : undefined;
  }

  #bind(key: StoreKey, claim: KubeObject, volume: KubeObject): void {
    const volumeKey = keyIn(resources.volumes, volume);
    const spec = viewObject(volume, "spec");
    const next = { ...volume, spec: { ...spec, claimRef: referenceToClaim(claim) } };
    if (!jsonEqual(volume, next)) this.#calls.replace(volumeKey, next);
    const bound = readStored(this.#context, volumeKey);
    if (bound !== undefined)
      writeStatus(this.#calls, volumeKey, { object: bound, status: { phase: "Bound" } });
    this.#calls.replace(key, boundTo(claim, nameOf(volume)));
    const live = readStored(this.#context, key);
    if (live === undefined) return;
    writeStatus(this.#calls, key, {
      object: live,
      status: present({
        ...viewObject(live, "status"),
        phase: "Bound",
        accessModes: spec["accessModes"],
        capacity: spec["capacity"],
      }),
    });
  }

  #checkVolume(key: StoreKey, claim: KubeObject): undefined {
    const name = viewString(claim, "spec", "volumeName") ?? "";
    if (readStored(this.#context, { resource: resources.volumes, namespace: "", name }) !== undefined) return;
    const status: JsonObject = { ...viewObject(claim, "status"), phase: "Lost" };
    writeStatus(this.#calls, key, { object: claim, status });
  }
}

function isHanging(claim: KubeObject): boolean {
  return annotationsOf(claim)[`${simulated}/bind`] === "hang";
}

function boundTo(claim: KubeObject, volumeName: string): KubeObject {
  const annotations = {
    ...annotationsOf(claim),
    "pv.kubernetes.io/bind-completed": "yes",
    "pv.kubernetes.io/bound-by-controller": "yes",
  };
  const spec = viewObject(claim, "spec");
  return { ...claim, metadata: { ...claim.metadata, annotations }, spec: { ...spec, volumeName } };
}
