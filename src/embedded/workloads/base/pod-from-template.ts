import type { JsonObject, KubeObject, ObjectMeta, StringMap } from "#core/object/index.ts";
import { viewObject } from "#core/object/index.ts";
import { namespaceOf, nameOf, referenceTo } from "./owned.ts";

interface PodPlan {
  readonly owner: KubeObject;
  readonly template: JsonObject;
  /** Undefined for a generated one. */
  readonly name?: string;
  readonly labels?: StringMap;
  readonly annotations?: StringMap;
  readonly finalizers?: readonly string[];
  /** What the controller says of the spec. */
  readonly spec?: JsonObject;
}

/** The pod that a template describes. */
export function podFromTemplate(plan: PodPlan): KubeObject {
  const { owner, template, name, finalizers } = plan;
  const labels = { ...viewObject(template, "metadata", "labels"), ...plan.labels } as StringMap;
  const annotations = {
    ...viewObject(template, "metadata", "annotations"),
    ...plan.annotations,
  } as StringMap;
  const metadata: ObjectMeta = {
    ...(name === undefined ? { generateName: `${nameOf(owner)}-` } : { name }),
    namespace: namespaceOf(owner),
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    ...(finalizers === undefined ? {} : { finalizers }),
    ownerReferences: [referenceTo(owner)],
  };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata,
    spec: { ...viewObject(template, "spec"), ...plan.spec },
  };
}
