import type { KubeObject } from "#core/object/index.ts";
import { annotationsOf, labelsOf, viewArray, viewNumber, viewString } from "#core/object/index.ts";
import { formerReplicasAnnotation } from "./scale.ts";

const components = [
  "application-controller",
  "applicationset-controller",
  "commit-server",
  "dex-server",
  "notifications-controller",
  "redis",
  "repo-server",
  "server",
] as const;
type Component = (typeof components)[number];

/** A Deployment or StatefulSet of an installed Argo CD. */
export interface ArgoWorkload {
  readonly component: Component;
  readonly kind: string;
  readonly name: string;
  readonly replicas: number;
  /** The tag of its image; empty where it has none. */
  readonly version: string;
  /** What it had before it was stopped by us; undefined when it was not. */
  readonly formerReplicas: number | undefined;
  /** What controls it, such as an operator's object, as `Kind/name`. */
  readonly controller: string | undefined;
  readonly object: KubeObject;
}

/** Recognizes a workload by the labels that Argo CD's manifests and its Helm chart give it; undefined for anybody else's. */
export function viewWorkload(object: KubeObject): ArgoWorkload | undefined {
  const component = componentOf(object);
  if (component === undefined) return undefined;
  const former = Number(annotationsOf(object)[formerReplicasAnnotation] ?? Number.NaN);
  const owner = object.metadata.ownerReferences?.find((one) => one["controller"] === true);
  return {
    component,
    kind: object.kind,
    name: object.metadata.name ?? "",
    replicas: viewNumber(object, "spec", "replicas") ?? 1,
    version: versionOf(object),
    formerReplicas: Number.isInteger(former) && former >= 0 ? former : undefined,
    controller:
      owner === undefined
        ? undefined
        : `${viewString(owner, "kind") ?? ""}/${viewString(owner, "name") ?? ""}`,
    object,
  };
}

function componentOf(object: KubeObject): Component | undefined {
  const labels = labelsOf(object);
  const isPart = labels["app.kubernetes.io/part-of"] === "argocd";
  // The programs that take their place have their labels, too.
  if (labels["app.kubernetes.io/name"]?.startsWith("mooring-") === true) return undefined;
  const [name, component] = [labels["app.kubernetes.io/name"], labels["app.kubernetes.io/component"]];
  return components.find(
    (known) =>
      name === `argocd-${known}` ||
      object.metadata.name === `argocd-${known}` ||
      (isPart && component === known),
  );
}

function versionOf(object: KubeObject): string {
  const image = viewString(viewArray(object, "spec", "template", "spec", "containers")[0], "image") ?? "";
  return /:(?<tag>[\w.-]+)(?:@.*)?$/u.exec(image)?.groups?.["tag"] ?? "";
}

/**
 * True for what must not run beside Mooring. What makes Applications out of ApplicationSets does not act on clusters, and Mooring does not do
 * it yet: it runs on where there are any. Everything else answers, renders or notifies.
 */
export function actsBesideMooring({ component }: ArgoWorkload, hasApplicationSets: boolean): boolean {
  if (component === "applicationset-controller") return !hasApplicationSets;
  return component === "application-controller";
}
