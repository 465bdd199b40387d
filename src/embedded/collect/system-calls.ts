import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { ApiError } from "../api-error.ts";
import type { StoreKey } from "../storage/store.ts";
import type { DeleteOptions, Target, WriteOptions } from "../verbs/api.ts";
import type { ClusterState } from "../verbs/cluster-state.ts";
import { createObject } from "../verbs/create.ts";
import { deleteObject } from "../verbs/delete.ts";
import { findObject } from "../verbs/read.ts";
import { replaceObject } from "../verbs/update.ts";

/** What a part of the control plane does in its own name. */
export interface SystemCalls {
  /** As it is now; undefined when it is gone or its kind is no longer served. */
  read(key: StoreKey): KubeObject | undefined;
  /** All of a resource, or those of one namespace. */
  list(resource: string, namespace?: string): readonly KubeObject[];
  /** Undefined when there is one already, or its namespace is not there or ending. */
  create(key: StoreKey, object: KubeObject): KubeObject | undefined;
  /** Puts another object in its place, as the status subresource when that is named. */
  replace(key: StoreKey, next: KubeObject, subresource?: string): void;
  remove(
    key: StoreKey,
    options: Pick<DeleteOptions, "propagation"> & {
      readonly uid: string | undefined;
      readonly gracePeriodSeconds?: number;
    },
  ): void;
  targetOf(key: StoreKey): Target | undefined;
  readonly options: WriteOptions;
}

/** Calls of a controller of this name; an object that has gone or changed meanwhile is looked at again by its next event. */
export function systemCalls(
  state: ClusterState,
  name: string,
  fieldManager = "kube-controller-manager",
): SystemCalls {
  const options: WriteOptions = {
    user: {
      name: `system:serviceaccount:kube-system:${name}`,
      groups: ["system:serviceaccounts", "system:authenticated"],
    },
    fieldManager,
    dryRun: false,
    fieldValidation: "Ignore",
    warn: () => undefined,
  };
  const targetOf = (key: StoreKey): Target | undefined => {
    const [kind] = state.catalog().versionsOf(key.resource);
    return kind && { kind, namespace: key.namespace, name: key.name, subresource: "" };
  };
  return {
    options,
    targetOf,
    read: (key) => {
      const target = targetOf(key);
      return target && findObject(state, target)?.object;
    },
    list: (resource, namespace) =>
      state.store
        .list({ resource, ...(namespace === undefined ? {} : { namespace }) })
        .map(({ object }) => object),
    create: (key, object) => {
      const target = targetOf(key);
      if (target === undefined) return undefined;
      return passingOver(["AlreadyExists", "NotFound", "Forbidden"], () =>
        createObject(state, { ...target, name: "" }, { body: object, options }),
      );
    },
    replace: (key, next, subresource = "") => {
      const target = targetOf(key);
      const live = target && findObject(state, target)?.object;
      if (target === undefined || live === undefined) return;
      passingOver(["Conflict", "NotFound"], () =>
        replaceObject(state, { target: { ...target, subresource }, live, next, options }),
      );
    },
    remove: (key, { propagation, uid, gracePeriodSeconds }) => {
      const target = targetOf(key);
      if (target === undefined) return;
      const preconditions: JsonObject = uid === undefined ? {} : { uid };
      passingOver(["Conflict", "NotFound"], () =>
        deleteObject(state, target, {
          ...options,
          propagation,
          gracePeriodSeconds,
          preconditions,
        }),
      );
    },
  };
}

/** What others did at the same time is no failure: their event comes, and the object is looked at again. */
function passingOver<T>(reasons: readonly string[], act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof ApiError && reasons.includes(error.reason))) throw error;
    return undefined;
  }
}
