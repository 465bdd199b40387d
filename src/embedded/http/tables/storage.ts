import { type JsonValue, type KubeObject, viewArray, viewPath } from "#core/object/index.ts";
import { ageOf } from "./age.ts";
import { ageColumn, nameColumn, type TableShapes, text, wide } from "./shape.ts";
import { textAt, textOr, valueOr } from "./views.ts";

const classAnnotation = "volume.beta.kubernetes.io/storage-class";

export const storageShapes: TableShapes = {
  "/PersistentVolume": {
    columns: [
      nameColumn,
      ...["Capacity", "Access Modes", "Reclaim Policy", "Status", "Claim"].map((name) => text(name)),
      ...["StorageClass", "VolumeAttributesClass", "Reason"].map((name) => text(name)),
      ageColumn,
      wide(text("VolumeMode")),
    ],
    cells: (volume, nowMs) => [
      volume.metadata.name ?? "",
      valueOr("0", volume, "spec", "capacity", "storage"),
      accessModes(viewArray(volume, "spec", "accessModes")),
      textAt(volume, "spec", "persistentVolumeReclaimPolicy"),
      phaseOf(volume),
      claimOf(viewPath(volume, "spec", "claimRef")),
      storageClass(volume),
      textOr("<unset>", volume, "spec", "volumeAttributesClassName"),
      textAt(volume, "status", "reason"),
      ageOf(volume, nowMs),
      textOr("<unset>", volume, "spec", "volumeMode"),
    ],
  },
  "/PersistentVolumeClaim": {
    columns: [
      nameColumn,
      ...["Status", "Volume", "Capacity", "Access Modes"].map((name) => text(name)),
      ...["StorageClass", "VolumeAttributesClass"].map((name) => text(name)),
      ageColumn,
      wide(text("VolumeMode")),
    ],
    cells: (claim, nowMs) => {
      const volume = textAt(claim, "spec", "volumeName");
      return [
        claim.metadata.name ?? "",
        phaseOf(claim),
        volume,
        volume === "" ? "" : valueOr("0", claim, "status", "capacity", "storage"),
        volume === "" ? "" : accessModes(viewArray(claim, "status", "accessModes")),
        storageClass(claim),
        textOr("<unset>", claim, "spec", "volumeAttributesClassName"),
        ageOf(claim, nowMs),
        textOr("<unset>", claim, "spec", "volumeMode"),
      ];
    },
  },
  "storage.k8s.io/StorageClass": {
    columns: [
      nameColumn,
      ...["Provisioner", "ReclaimPolicy", "VolumeBindingMode", "AllowVolumeExpansion"].map((name) =>
        text(name),
      ),
      ageColumn,
    ],
    cells: (object, nowMs) => [
      classNameOf(object),
      textAt(object, "provisioner"),
      textOr("Delete", object, "reclaimPolicy"),
      textOr("Immediate", object, "volumeBindingMode"),
      viewPath(object, "allowVolumeExpansion") === true,
      ageOf(object, nowMs),
    ],
  },
  "storage.k8s.io/CSINode": {
    columns: [nameColumn, { ...text("Drivers"), type: "integer" }, ageColumn],
    cells: (object, nowMs) => [
      object.metadata.name ?? "",
      viewArray(object, "spec", "drivers").length,
      ageOf(object, nowMs),
    ],
  },
};

function phaseOf(object: KubeObject): string {
  return object.metadata.deletionTimestamp === undefined ? textAt(object, "status", "phase") : "Terminating";
}

function claimOf(reference: JsonValue | undefined): string {
  return reference === undefined ? "" : `${textAt(reference, "namespace")}/${textAt(reference, "name")}`;
}

function storageClass(object: KubeObject): string {
  return object.metadata.annotations?.[classAnnotation] ?? textAt(object, "spec", "storageClassName");
}

const shortModes = {
  ReadWriteOnce: "RWO",
  ReadOnlyMany: "ROX",
  ReadWriteMany: "RWX",
  ReadWriteOncePod: "RWOP",
};

function accessModes(modes: readonly JsonValue[]): string {
  return Object.entries(shortModes)
    .filter(([mode]) => modes.includes(mode))
    .map(([, short]) => short)
    .join(",");
}

function classNameOf({ metadata }: KubeObject): string {
  const isDefault = metadata.annotations?.["storageclass.kubernetes.io/is-default-class"] === "true";
  return isDefault ? `${metadata.name} (default)` : (metadata.name ?? "");
}
