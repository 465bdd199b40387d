import type { Application, ResourceResult } from "#core/app/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { jsonEqual } from "#core/object/index.ts";
import { oneLine } from "../output/table.ts";

/** One object of an Application as commands show it: its sync and health, and what the last operation did with it. */
export interface ResourceState {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly status: string;
  readonly health: string;
  /** `PreSync`, …; empty for what is no hook. */
  readonly hook: string;
  readonly message: string;
  readonly wave: number | undefined;
}

/** The states of an Application's objects and, of its operation, the hooks and what was pruned. Keyed, in order. */
export function viewResourceStates(app: Application): ReadonlyMap<string, ResourceState> {
  const states = new Map<string, ResourceState>();
  for (const one of app.status?.resources ?? []) {
    if (one.hook === true) continue;
    const state = {
      group: one.group ?? "",
      kind: one.kind ?? "",
      namespace: one.namespace ?? "",
      name: one.name ?? "",
      status: one.status ?? "",
      health: one.health?.status ?? "",
      hook: "",
      message: one.health?.message ?? "",
      wave: one.syncWave,
    };
    states.set(keyOf(state), state);
  }
  for (const result of resultsOf(app)) {
    const hook = result.hookType ?? "";
    const { group, kind, namespace, name } = result;
    const key = keyOf({ group, kind, namespace, name, hook });
    const known = states.get(key);
    states.set(key, {
      group,
      kind,
      namespace,
      name,
      hook,
      status: hook === "" ? (known?.status ?? result.status ?? "") : (result.hookPhase ?? ""),
      health: known?.health ?? "",
      message: oneLine(messageOf(result, known)),
      wave: known?.wave,
    });
  }
  return states;
}

/** Why an object is not healthy is more than that it was applied; why it was not applied is more than that. */
function messageOf({ status, message = "" }: ResourceResult, known: ResourceState | undefined): string {
  const isUnwell = known !== undefined && known.message !== "" && known.health !== "Healthy";
  return message === "" || (isUnwell && status !== "SyncFailed") ? (known?.message ?? "") : message;
}

/** What the last operation did; nothing while another one is asked for and not taken up yet. */
function resultsOf({ operation, status }: Application): readonly ResourceResult[] {
  const state = status?.operationState;
  const isOld =
    operation !== undefined && !jsonEqual(operation as JsonObject, state?.operation as JsonObject);
  return isOld ? [] : (state?.syncResult?.resources ?? []);
}

function keyOf(state: Pick<ResourceState, "group" | "kind" | "namespace" | "name" | "hook">): string {
  return [state.group, state.kind, state.namespace, state.name, state.hook].join("/");
}

/** The states that are new or differ from those before. */
export function changedStates(
  before: ReadonlyMap<string, ResourceState>,
  after: ReadonlyMap<string, ResourceState>,
): readonly ResourceState[] {
  return [...after].flatMap(([key, state]) =>
    JSON.stringify(before.get(key)) === JSON.stringify(state) ? [] : [state],
  );
}
