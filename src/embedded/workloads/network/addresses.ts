import type { JsonArray, JsonObject, KubeObject } from "#core/object/index.ts";
import { annotationsOf, isJsonObject, viewArray, viewObject, viewString } from "#core/object/index.ts";
import { simulated } from "../pods/behaviour.ts";

/** Whether an object may have an address at all. */
export function isAddressed(object: KubeObject): boolean {
  return annotationsOf(object)[`${simulated}/address`] !== "none";
}

export function addressesOf(object: KubeObject): readonly string[] {
  return viewArray(object, "status", "loadBalancer", "ingress")
    .filter(isJsonObject)
    .flatMap((each) => viewString(each, "ip") ?? []);
}

/** The status with other addresses. */
export function withAddresses(object: KubeObject, ingress: JsonArray): JsonObject {
  return { ...viewObject(object, "status"), loadBalancer: ingress.length === 0 ? {} : { ingress } };
}
