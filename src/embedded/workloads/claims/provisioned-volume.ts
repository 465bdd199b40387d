import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { viewObject, viewString } from "#core/object/index.ts";
import type { StoreKey } from "../../storage/store.ts";
import { nameOf, namespaceOf, present, uidOf } from "../base/owned.ts";
import { resources } from "../base/resources.ts";

/** The volume that is made for a claim. */
export function provisioned(claim: KubeObject): KubeObject {
  const spec = viewObject(claim, "spec");
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: {
      name: `pvc-${uidOf(claim)}`,
      annotations: { "pv.kubernetes.io/provisioned-by": "simulate.mooring.dev" },
    },
    spec: present({
      accessModes: spec["accessModes"],
      capacity: { storage: viewString(spec, "resources", "requests", "storage") ?? "1Gi" },
      claimRef: referenceToClaim(claim),
      csi: { driver: "simulate.mooring.dev", volumeHandle: uidOf(claim) },
      persistentVolumeReclaimPolicy: "Delete",
      storageClassName: spec["storageClassName"],
      volumeMode: spec["volumeMode"],
    }),
  };
}

export function referenceToClaim(claim: KubeObject): JsonObject {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    name: nameOf(claim),
    namespace: namespaceOf(claim),
    uid: uidOf(claim),
  };
}

/** The claim that a volume's reference names. */
export function keyOfClaim(reference: JsonObject): StoreKey {
  return {
    resource: resources.claims,
    namespace: viewString(reference, "namespace") ?? "",
    name: viewString(reference, "name") ?? "",
  };
}
