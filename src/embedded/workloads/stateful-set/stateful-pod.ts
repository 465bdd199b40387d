import type { JsonObject, KubeObject, StringMap } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewObject, viewString } from "#core/object/index.ts";
import { nameOf, namespaceOf } from "../base/owned.ts";
import { podFromTemplate } from "../base/pod-from-template.ts";
import { revisionLabel } from "../revisions/revisions.ts";

interface StatefulPodPlan {
  readonly set: KubeObject;
  readonly ordinal: number;
  readonly template: JsonObject;
  readonly revision: string;
}

/** A pod with a name and volumes of its own. */
export function statefulPod({ set, ordinal, template, revision }: StatefulPodPlan): KubeObject {
  const name = `${nameOf(set)}-${ordinal}`;
  const claims = claimsFor(set, ordinal);
  const own = claims.map(({ volume, claim }) => ({
    name: volume,
    persistentVolumeClaim: { claimName: nameOf(claim) },
  }));
  const others = viewArray(template, "spec", "volumes")
    .filter(isJsonObject)
    .filter((volume) => !claims.some((claim) => claim.volume === volume["name"]));
  const volumes = [...own, ...others];
  return podFromTemplate({
    owner: set,
    template,
    name,
    labels: {
      "apps.kubernetes.io/pod-index": String(ordinal),
      "statefulset.kubernetes.io/pod-name": name,
      [revisionLabel]: revision,
    },
    spec: {
      hostname: name,
      subdomain: viewString(set, "spec", "serviceName") ?? "",
      ...(volumes.length === 0 ? {} : { volumes }),
    },
  });
}

/** The claims that a pod's volumes are from. */
export function claimsFor(
  set: KubeObject,
  ordinal: number,
): readonly { readonly volume: string; readonly claim: KubeObject }[] {
  return viewArray(set, "spec", "volumeClaimTemplates")
    .filter(isJsonObject)
    .map((template) => {
      const volume = viewString(template, "metadata", "name") ?? "";
      const labels = {
        ...viewObject(template, "metadata", "labels"),
        ...viewObject(set, "spec", "selector", "matchLabels"),
      } as StringMap;
      const annotations = viewObject(template, "metadata", "annotations") as StringMap;
      const metadata = {
        name: `${volume}-${nameOf(set)}-${ordinal}`,
        namespace: namespaceOf(set),
        labels,
        ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
      };
      const spec = viewObject(template, "spec");
      return { volume, claim: { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata, spec } };
    });
}
