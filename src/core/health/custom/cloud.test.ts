import { expect, it } from "vitest";
import { assessHealth } from "../assess.ts";
import type { Example } from "./example.ts";
import { condition, conditions, healthOf, objectOf, status, titled } from "./example.ts";

const examples: Example[] = [
  ["aws.crossplane.io/v1beta1 ProviderConfig", {}, "none"],
  ["s3.aws.upbound.io/v1beta1 Bucket", {}, "Progressing", "Waiting for condition Ready"],
  [
    "s3.aws.upbound.io/v1beta1 Bucket",
    conditions(condition("Synced", "True", "ReconcileSuccess"), condition("Ready", "False", "Creating")),
    "Progressing",
    "Creating",
  ],
  [
    "s3.aws.upbound.io/v1beta1 Bucket",
    conditions(
      condition("Synced", "False", "ReconcileError", "create failed: access denied"),
      condition("Ready", "False", "Creating"),
    ),
    "Degraded",
    "create failed: access denied",
  ],
  [
    "rds.aws.crossplane.io/v1alpha1 DBInstance",
    conditions(condition("Synced", "True", "ReconcileSuccess"), condition("Ready", "True", "Available")),
    "Healthy",
    "Available",
  ],
  [
    "rds.aws.crossplane.io/v1alpha1 DBInstance",
    conditions(condition("Synced", "False", "ReconcilePaused", "paused by annotation")),
    "Suspended",
    "paused by annotation",
  ],
  ["apiextensions.crossplane.io/v1 Composition", {}, "none"],
  [
    "apiextensions.crossplane.io/v1 CompositeResourceDefinition",
    conditions(condition("Established", "True", "WatchingCompositeResource")),
    "Healthy",
    "WatchingCompositeResource",
  ],
  [
    "pkg.crossplane.io/v1 Provider",
    conditions(
      condition("Installed", "True", "ActivePackageRevision"),
      condition("Healthy", "Unknown", "UnknownPackageRevisionHealth"),
    ),
    "Progressing",
    "ActivePackageRevision",
  ],
  [
    "pkg.crossplane.io/v1 Provider",
    conditions(
      condition("Installed", "True", "ActivePackageRevision"),
      condition("Healthy", "False", "UnhealthyPackageRevision", "pod does not start"),
    ),
    "Degraded",
    "pod does not start",
  ],
  [
    "rds.services.k8s.aws/v1alpha1 DBInstance",
    conditions(condition("ACK.Recoverable", "True", "", "referenced subnet is not ready")),
    "Progressing",
    "referenced subnet is not ready",
  ],
  [
    "rds.services.k8s.aws/v1alpha1 DBInstance",
    conditions(condition("ACK.Terminal", "True", "", "invalid engine version")),
    "Degraded",
    "invalid engine version",
  ],
  [
    "rds.services.k8s.aws/v1alpha1 DBInstance",
    conditions(condition("ACK.ResourceSynced", "True", "")),
    "Healthy",
  ],
  ["services.k8s.aws/v1alpha1 FieldExport", {}, "none"],
  [
    "sql.cnrm.cloud.google.com/v1beta1 SQLInstance",
    conditions(condition("Ready", "False", "DependencyNotReady", "network is not ready")),
    "Progressing",
    "network is not ready",
  ],
  [
    "sql.cnrm.cloud.google.com/v1beta1 SQLInstance",
    conditions(condition("Ready", "False", "UpdateFailed", "quota exceeded")),
    "Degraded",
    "quota exceeded",
  ],
  [
    "core.cnrm.cloud.google.com/v1beta1 ConfigConnector",
    status({ healthy: false, errors: ["image not found"] }),
    "Degraded",
    "image not found",
  ],
  [
    "storage.azure.com/v1api20230101 StorageAccount",
    conditions({ ...condition("Ready", "False", "Reconciling", "creating"), severity: "Info" }),
    "Progressing",
    "creating",
  ],
  [
    "storage.azure.com/v1api20230101 StorageAccount",
    conditions({
      ...condition("Ready", "False", "AccountNameInvalid", "not a valid name"),
      severity: "Error",
    }),
    "Degraded",
    "not a valid name",
  ],
  [
    "storage.azure.com/v1api20230101 StorageAccount",
    conditions(condition("Ready", "True", "Succeeded")),
    "Healthy",
    "Succeeded",
  ],
  ["storage.azure.com/v1api20230101 StorageAccount", {}, "Progressing", "Waiting for condition Ready"],
  [
    "services.cloud.sap.com/v1 ServiceInstance",
    conditions(
      condition("Succeeded", "False", "CreateInProgress", "creating"),
      condition("Ready", "False", "NotProvisioned"),
    ),
    "Progressing",
    "creating",
  ],
  [
    "pulumi.com/v1 Stack",
    status({ lastUpdate: { state: "failed" } }),
    "Degraded",
    "status.lastUpdate.state is failed",
  ],
  [
    "pulumi.com/v1 Stack",
    status({
      lastUpdate: { state: "failed" },
      conditions: [condition("Reconciling", "True", "Processing", "updating")],
    }),
    "Progressing",
    "updating",
  ],
  [
    "kro.run/v1alpha1 ResourceGraphDefinition",
    status({ state: "Inactive" }),
    "Degraded",
    "status.state is Inactive",
  ],
  ["kro.run/v1alpha1 WebApp", status({ state: "IN_PROGRESS" }), "Progressing", "status.state is IN_PROGRESS"],
  ["kro.run/v1alpha1 WebApp", status({ state: "ACTIVE" }), "Healthy", "status.state is ACTIVE"],
  [
    "apigee.cloud.google.com/v1alpha2 ApigeeRedis",
    status({ state: "running" }),
    "Healthy",
    "status.state is running",
  ],
];

it.each(titled(examples))("%s is %s", (type, _, example) => {
  expect(assessHealth(objectOf(type, example[1]))).toEqual(healthOf(example));
});
