import type { KubeObject } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { patchObject } from "#engine/patch-object.ts";
import { repeatOnConflict } from "#runtime/repeat-on-conflict.ts";
import type { ApiContext } from "../context.ts";
import { apiFieldManager } from "../context.ts";

/** Changes of entries; null removes one. It may be asked again, and may throw. */
type Decide = (object: KubeObject | undefined) => Readonly<Record<string, string | null>>;

/** Changes entries of a ConfigMap of the control plane, which is made where it is missing. */
export async function changeConfigMap(
  { hub }: Pick<ApiContext, "hub">,
  name: string,
  { decide, signal }: { readonly decide: Decide; readonly signal: AbortSignal },
): Promise<void> {
  const { cluster, namespace } = hub;
  const ref = { type: hubTypes.configMap, namespace, name };
  const changed = await repeatOnConflict(async () => {
    const patched = await patchObject(cluster, ref, {
      decide: (object) => {
        const data = decide(object);
        return Object.keys(data).length === 0 ? undefined : { data };
      },
      fieldManager: apiFieldManager,
      signal,
    });
    if (patched !== undefined) return patched;
    const labels = { "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "argocd" };
    const data = Object.fromEntries(Object.entries(decide(undefined)).filter(([, text]) => text !== null));
    const object = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name, namespace, labels },
      data,
    } as KubeObject;
    return cluster.create(hubTypes.configMap, object, { fieldManager: apiFieldManager, signal });
  });
  hub.configMaps.observe(changed);
}
