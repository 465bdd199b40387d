import type { KubeObject } from "#core/object/index.ts";
import { gvkOf } from "#core/object/index.ts";
import type { ActionTable, BuiltInAction } from "./action.ts";
import { argoActions } from "./argo.ts";
import { fluxActions } from "./flux.ts";
import { kubernetesActions } from "./kubernetes.ts";
import { numaprojActions } from "./numaproj.ts";
import { operatorActions } from "./operators.ts";

const actions: ActionTable = {
  ...kubernetesActions,
  ...argoActions,
  ...fluxActions,
  ...numaprojActions,
  ...operatorActions,
};

/** What may be done with objects of this kind, whether it makes sense now or not. */
export function builtInActions(object: KubeObject): readonly BuiltInAction[] {
  const { group, kind } = gvkOf(object);
  return actions[`${group}/${kind}`] ?? [];
}
