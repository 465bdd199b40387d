import { expect, it } from "vitest";
import { assessHealth } from "../assess.ts";
import type { Example } from "./example.ts";
import { condition, conditions, healthOf, objectOf, status, titled } from "./example.ts";

const examples: Example[] = [
  [
    "kustomize.toolkit.fluxcd.io/v1 Kustomization",
    status({ observedGeneration: -1 }),
    "Progressing",
    "Waiting for condition Ready",
  ],
  [
    "kustomize.toolkit.fluxcd.io/v1 Kustomization",
    conditions(
      condition("Reconciling", "True", "Progressing", "building manifests"),
      condition("Ready", "Unknown", "Progressing", "reconciliation in progress"),
    ),
    "Progressing",
    "reconciliation in progress",
  ],
  [
    "kustomize.toolkit.fluxcd.io/v1 Kustomization",
    conditions(condition("Ready", "False", "DependencyNotReady", "dependency 'infra' is not ready")),
    "Progressing",
    "dependency 'infra' is not ready",
  ],
  [
    "kustomize.toolkit.fluxcd.io/v1 Kustomization",
    conditions(condition("Ready", "False", "BuildFailed", "no such file")),
    "Degraded",
    "no such file",
  ],
  [
    "helm.toolkit.fluxcd.io/v2 HelmRelease",
    conditions(condition("Stalled", "True", "RetriesExceeded", "failed to install after 3 attempts")),
    "Degraded",
    "failed to install after 3 attempts",
  ],
  [
    "helm.toolkit.fluxcd.io/v2 HelmRelease",
    { spec: { suspend: true }, ...conditions(condition("Ready", "True", "InstallSucceeded")) },
    "Suspended",
    "spec.suspend is true",
  ],
  ["source.toolkit.fluxcd.io/v1 HelmRepository", { spec: { type: "oci" } }, "Healthy", "spec.type is oci"],
  ["notification.toolkit.fluxcd.io/v1beta3 Alert", {}, "none"],
  [
    "flagger.app/v1beta1 Canary",
    status({ phase: "Progressing" }),
    "Progressing",
    "status.phase is Progressing",
  ],
  [
    "flagger.app/v1beta1 Canary",
    status({ phase: "WaitingPromotion" }),
    "Suspended",
    "status.phase is WaitingPromotion",
  ],
  ["flagger.app/v1beta1 Canary", status({ phase: "Failed" }), "Degraded", "status.phase is Failed"],
];

it.each(titled(examples))("%s is %s", (type, _, example) => {
  expect(assessHealth(objectOf(type, example[1]))).toEqual(healthOf(example));
});
