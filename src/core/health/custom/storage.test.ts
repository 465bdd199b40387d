import { expect, it } from "vitest";
import { assessHealth } from "../assess.ts";
import type { Example } from "./example.ts";
import { healthOf, objectOf, status, titled } from "./example.ts";

const examples: Example[] = [
  [
    "snapshot.storage.k8s.io/v1 VolumeSnapshot",
    status({ readyToUse: false }),
    "Progressing",
    "Waiting for status.readyToUse",
  ],
  [
    "snapshot.storage.k8s.io/v1 VolumeSnapshot",
    status({ readyToUse: false, error: { message: "driver does not support it" } }),
    "Degraded",
    "driver does not support it",
  ],
  [
    "snapshot.storage.k8s.io/v1 VolumeSnapshot",
    status({ readyToUse: true }),
    "Healthy",
    "status.readyToUse is true",
  ],
  ["velero.io/v1 Backup", status({ phase: "InProgress" }), "Progressing", "status.phase is InProgress"],
  [
    "velero.io/v1 Backup",
    status({ phase: "FailedValidation", validationErrors: ["no storage location"] }),
    "Degraded",
    "no storage location",
  ],
  ["velero.io/v1 Schedule", { spec: { paused: true } }, "Suspended", "spec.paused is true"],
  [
    "longhorn.io/v1beta2 Volume",
    status({ state: "attached", robustness: "degraded" }),
    "Degraded",
    "status.robustness is degraded",
  ],
  [
    "longhorn.io/v1beta2 Volume",
    status({ state: "detached", robustness: "unknown" }),
    "Healthy",
    "status.state is detached",
  ],
  [
    "ceph.rook.io/v1 CephCluster",
    status({ phase: "Progressing", message: "Configuring Ceph OSDs" }),
    "Progressing",
    "Configuring Ceph OSDs",
  ],
  [
    "ceph.rook.io/v1 CephCluster",
    status({ phase: "Ready", ceph: { health: "HEALTH_ERR" } }),
    "Degraded",
    "status.ceph.health is HEALTH_ERR",
  ],
  ["ceph.rook.io/v1 CephBlockPool", status({ phase: "Ready" }), "Healthy", "status.phase is Ready"],
  [
    "minio.min.io/v2 Tenant",
    status({ currentState: "Provisioning MinIO Statefulset" }),
    "Progressing",
    "status.currentState is Provisioning MinIO Statefulset",
  ],
  [
    "minio.min.io/v2 Tenant",
    status({ currentState: "Initialized", healthStatus: "green" }),
    "Healthy",
    "status.currentState is Initialized",
  ],
  [
    "trident.netapp.io/v1 TridentBackendConfig",
    status({ phase: "", lastOperationStatus: "Failed", message: "bad credentials" }),
    "Degraded",
    "bad credentials",
  ],
  ["astra.netapp.io/v1 AppVault", status({ state: "Available" }), "Healthy", "status.state is Available"],
];

it.each(titled(examples))("%s is %s", (type, _, example) => {
  expect(assessHealth(objectOf(type, example[1]))).toEqual(healthOf(example));
});
