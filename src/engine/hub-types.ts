import type { ResourceType } from "#ports/cluster.ts";

const namespaced = { namespaced: true, verbs: [], shortNames: [] } as const;
const argo = { ...namespaced, group: "argoproj.io", version: "v1alpha1" } as const;
const mooring = { ...namespaced, group: "mooring.dev", version: "v1alpha1" } as const;
const coreV1 = { ...namespaced, group: "", version: "v1" } as const;

/** The kinds that hold the hub's state; named here because the hub must be readable before discovery is. */
export const hubTypes = {
  application: { ...argo, kind: "Application", plural: "applications" },
  project: { ...argo, kind: "AppProject", plural: "appprojects" },
  secret: { ...coreV1, kind: "Secret", plural: "secrets" },
  configMap: { ...coreV1, kind: "ConfigMap", plural: "configmaps" },
  event: { ...coreV1, kind: "Event", plural: "events" },
  imageAutomation: {
    ...namespaced,
    group: "mooring.dev",
    version: "v1alpha1",
    kind: "ImageAutomation",
    plural: "imageautomations",
    statusSubresource: true,
  },
  applicationSet: { ...argo, kind: "ApplicationSet", plural: "applicationsets" },
  pipeline: { ...mooring, kind: "Pipeline", plural: "pipelines" },
  promotion: { ...mooring, kind: "Promotion", plural: "promotions" },
} as const satisfies Readonly<Record<string, ResourceType>>;
