import { isMooringError } from "#core/errors/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import type { Cluster, ObjectRef } from "#ports/cluster.ts";

export interface PatchRequest {
  /** From what is there to the merge patch; undefined when nothing is to be done. It may be asked again, and may throw. */
  readonly decide: (object: KubeObject) => JsonObject | undefined;
  readonly fieldManager: string;
  /** What is patched is the status, of a type that has it as a subresource. */
  readonly subresource?: "status";
  /** How often it is tried; 5 times unless told. */
  readonly tries?: number;
  readonly signal: AbortSignal;
}

const patchTries = 5;

/**
 * Changes an object by a merge patch that holds only for the version it was decided on; when it changed meanwhile it is read and decided
 * again. The object as it is then; undefined when there is none.
 */
export async function patchObject(
  cluster: Cluster,
  ref: ObjectRef,
  { decide, fieldManager, subresource, tries = patchTries, signal }: PatchRequest,
): Promise<KubeObject | undefined> {
  for (let tried = 1; ; tried += 1) {
    const object = await cluster.read(ref, signal);
    if (object === undefined) return undefined;
    const patch = decide(object);
    if (patch === undefined) return object;
    const { resourceVersion } = object.metadata;
    const metadata = { ...(patch["metadata"] as JsonObject | undefined), resourceVersion };
    try {
      return await cluster.mergePatch(
        ref,
        { ...patch, metadata },
        {
          fieldManager,
          ...(subresource === undefined ? {} : { subresource }),
          signal,
        },
      );
    } catch (error) {
      if (!isMooringError(error, "KUBE_CONFLICT") || tried >= tries) throw error;
    }
  }
}
