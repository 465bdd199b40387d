import type { JsonObject, KubeObject, StringMap } from "#core/object/index.ts";
import { annotationsOf, viewNumber, viewObject } from "#core/object/index.ts";
import { nameOf, namespaceOf, referenceTo } from "../base/owned.ts";
import { hashOf } from "../base/template-hash.ts";
import {
  desiredAnnotation,
  hashLabel,
  historyAnnotation,
  maxAnnotation,
  replicasOf,
  revisionAnnotation,
  revisionOf,
} from "./replica-set-view.ts";
import type { Rollout } from "./rollout.ts";
import { boundsOf, firstReplicas } from "./rollout.ts";

/** What a ReplicaSet does not take over from its Deployment. */
const ownAnnotations: readonly string[] = [
  "kubectl.kubernetes.io/last-applied-configuration",
  "deprecated.deployment.rollback.to",
  revisionAnnotation,
  historyAnnotation,
  desiredAnnotation,
  maxAnnotation,
];

/** The ReplicaSet that a Deployment's template asks for. */
export function newReplicaSet(rollout: Rollout): KubeObject {
  const { deployment } = rollout;
  const template = viewObject(deployment, "spec", "template");
  const hash = { [hashLabel]: hashOf(template, viewNumber(deployment, "status", "collisionCount")) };
  const labels = { ...viewObject(template, "metadata", "labels"), ...hash } as StringMap;
  const selector = viewObject(deployment, "spec", "selector");
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name: `${nameOf(deployment)}-${hash[hashLabel]}`,
      namespace: namespaceOf(deployment),
      labels,
      annotations: {
        ...inherited(deployment),
        ...sizeAnnotations(rollout),
        [revisionAnnotation]: String(nextRevision(rollout)),
      },
      ownerReferences: [referenceTo(deployment)],
    },
    spec: {
      replicas: firstReplicas(rollout),
      ...minReady(deployment),
      selector: { ...selector, matchLabels: { ...viewObject(selector, "matchLabels"), ...hash } },
      template: { ...template, metadata: { ...viewObject(template, "metadata"), labels } },
    },
  };
}

function minReady(deployment: KubeObject): JsonObject {
  const seconds = viewNumber(deployment, "spec", "minReadySeconds") ?? 0;
  return seconds === 0 ? {} : { minReadySeconds: seconds };
}

function nextRevision({ old }: Rollout): number {
  return Math.max(0, ...old.map(revisionOf)) + 1;
}

/** The ReplicaSet of the template as it is to be: an old one that is wanted again has the newest revision. */
export function currentReplicaSet(rollout: Rollout, set: KubeObject): KubeObject {
  const { deployment } = rollout;
  const before = annotationsOf(set);
  const [was, is] = [revisionOf(set), nextRevision(rollout)];
  const isOutdated = was < is;
  const history = [before[historyAnnotation], was === 0 ? undefined : String(was)].filter(Boolean).join(",");
  const annotations: StringMap = {
    ...before,
    ...inherited(deployment),
    ...(isOutdated ? { [revisionAnnotation]: String(is) } : {}),
    ...(isOutdated && history !== "" ? { [historyAnnotation]: history } : {}),
  };
  const { minReadySeconds: _before, ...spec } = viewObject(set, "spec");
  return {
    ...set,
    metadata: { ...set.metadata, annotations },
    spec: { ...spec, ...minReady(deployment) },
  };
}

function inherited(deployment: KubeObject): StringMap {
  return Object.fromEntries(
    Object.entries(annotationsOf(deployment)).filter(([name]) => !ownAnnotations.includes(name)),
  );
}

/** Tells of which size the whole was when a ReplicaSet was given its own. */
export function sizeAnnotations(rollout: Rollout): StringMap {
  const wanted = replicasOf(rollout.deployment);
  return {
    [desiredAnnotation]: String(wanted),
    [maxAnnotation]: String(wanted + boundsOf(rollout).surge),
  };
}
