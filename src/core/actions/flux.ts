import type { ActionTable } from "./action.ts";
import { specIs, stamp, toggleSpec } from "./change.ts";

const suspendAndResume = toggleSpec("suspend", ["suspend", "resume"]);
/** Flux looks at what is suspended only when it is resumed. */
const reconcile = stamp("reconcile", "reconcile.fluxcd.io/requestedAt", specIs("suspend"));

const reconciled = [
  "helm.toolkit.fluxcd.io/HelmRelease",
  "image.toolkit.fluxcd.io/ImageRepository",
  "image.toolkit.fluxcd.io/ImageUpdateAutomation",
  "kustomize.toolkit.fluxcd.io/Kustomization",
  "notification.toolkit.fluxcd.io/Receiver",
  "source.toolkit.fluxcd.io/Bucket",
  "source.toolkit.fluxcd.io/GitRepository",
  "source.toolkit.fluxcd.io/HelmChart",
  "source.toolkit.fluxcd.io/HelmRepository",
  "source.toolkit.fluxcd.io/OCIRepository",
];

export const fluxActions: ActionTable = {
  ...Object.fromEntries(reconciled.map((kind) => [kind, [reconcile, ...suspendAndResume]])),
  "notification.toolkit.fluxcd.io/Alert": suspendAndResume,
  "notification.toolkit.fluxcd.io/Provider": suspendAndResume,
};
