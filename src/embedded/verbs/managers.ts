import { recordUpdate } from "#core/merge/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { formatApiVersion } from "#core/object/index.ts";
import { formatTime } from "#runtime/clock.ts";
import type { Target, WriteOptions } from "./api.ts";
import type { ClusterState } from "./cluster-state.ts";
import { manageScale } from "./manage-scale.ts";

/** Notes in `managedFields` what a create, update or patch changed. */
export function manageUpdate(
  state: ClusterState,
  {
    target,
    options,
    live,
  }: { readonly target: Target; readonly options: WriteOptions; readonly live?: KubeObject },
): (object: KubeObject) => KubeObject {
  const { kind, subresource } = target;
  if (subresource === "scale" && live !== undefined) return manageScale({ target, options, live });
  return (next) =>
    recordUpdate({
      live,
      next,
      empty: live === undefined ? state.rules.empty(kind) : undefined,
      schema: kind.merge,
      manager: options.fieldManager,
      apiVersion: formatApiVersion(kind.group, kind.version),
      subresource,
      hasStatus: kind.hasStatus,
      time: formatTime(state.clock.now()),
    });
}
