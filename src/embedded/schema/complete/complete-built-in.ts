import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { sharing } from "#core/object/index.ts";
import type { RecordedTypes } from "../../recorded/documents.ts";
import type { WriteCheck } from "../rules.ts";
import type { GoTypes } from "../types/go-types.ts";
import type { Draft } from "./defaults/draft.ts";
import { encodeStruct } from "./encode-struct.ts";
import { fillDefaults } from "./fill-defaults.ts";
import { preparations } from "./prepare/index.ts";
import type { ClusterAllocations } from "./prepare/prepare.ts";

export interface CompleteContext {
  readonly types: GoTypes;
  readonly recorded: () => RecordedTypes;
  readonly cluster: ClusterAllocations;
}

/** A built-in object as the API server would store and print it. */
export function completeBuiltIn(context: CompleteContext, component: string, write: WriteCheck): KubeObject {
  const { types, cluster } = context;
  const { group, kind } = write.kind;
  const prepare = preparations[`${group}/${kind}`];
  // Zeros have to go before defaults come: `timeoutSeconds: 0` is as good as none.
  const encoded = encodeStruct(types, component, write.next);
  const filled = fillDefaults(context, component, encoded);
  const draft: Draft = { ...filled };
  prepare?.(draft, write, cluster);
  types.seen.encoded.note(types, component, { before: write.next, after: encoded });
  types.seen.defaulted.note(types, component, { before: encoded, after: filled });
  return encodeStruct(types, component, sharing<JsonObject>(filled, draft)) as KubeObject;
}
