import type { Row } from "./rule.ts";

/** Flux retries what failed, so Ready=False is a failure that may pass; it says Unknown while it works. */
const reconciled = {
  Suspended: ".spec.suspend=true",
  Degraded: "Stalled=True or Ready=False(!Progressing|ProgressingWithRetry|DependencyNotReady)",
  Healthy: "Ready=True",
};

/** Flux, and what builds on it. */
export const fluxRows: readonly Row[] = [
  {
    groups: "source.toolkit.fluxcd.io",
    kinds: "HelmRepository",
    ...reconciled,
    Healthy: "Ready=True or .spec.type=oci",
  },
  {
    groups: "source.toolkit.fluxcd.io source.extensions.fluxcd.io",
    kinds: "GitRepository HelmChart Bucket OCIRepository ExternalArtifact ArtifactGenerator",
    ...reconciled,
  },
  {
    groups: "kustomize.toolkit.fluxcd.io helm.toolkit.fluxcd.io",
    kinds: "Kustomization HelmRelease",
    ...reconciled,
  },
  {
    groups: "image.toolkit.fluxcd.io",
    kinds: "ImageRepository ImagePolicy ImageUpdateAutomation",
    ...reconciled,
  },
  { groups: "notification.toolkit.fluxcd.io", kinds: "Receiver", ...reconciled },
  { groups: "notification.toolkit.fluxcd.io", kinds: "Alert Provider", ...reconciled, otherwise: "nothing" },
  { groups: "infra.contrib.fluxcd.io", kinds: "Terraform", ...reconciled },
  {
    groups: "fluxcd.controlplane.io",
    kinds: "FluxInstance ResourceSet ResourceSetInputProvider",
    ...reconciled,
  },
  {
    groups: "flagger.app",
    kinds: "Canary",
    Suspended: ".status.phase=Waiting|WaitingPromotion",
    Degraded: ".status.phase=Failed",
    Healthy: ".status.phase=Initialized|Succeeded",
  },
];
