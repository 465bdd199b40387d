import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { sharing } from "#core/object/index.ts";
import type { RecordedTypes } from "../../recorded/documents.ts";
import type { Completion, WriteCheck } from "../rules.ts";
import type { GoTypes } from "../types/go-types.ts";
import type { Draft } from "./defaults/draft.ts";
import { conversions } from "./conversions.ts";
import { encodeStruct, encodeUnstored } from "./encode-struct.ts";
import { fillDefaults } from "./fill-defaults.ts";
import { preparations } from "./prepare/index.ts";
import type { ClusterAllocations } from "./prepare/prepare.ts";

export interface CompleteContext {
  readonly types: GoTypes;
  readonly recorded: () => RecordedTypes;
  readonly cluster: ClusterAllocations;
}

/** A built-in object as the API server reads it. */
export function builtInWithDefaults(
  context: CompleteContext,
  component: string,
  { kind: { group, kind }, next }: WriteCheck,
): KubeObject {
  const draft: Draft = { ...next };
  conversions[`${group}/${kind}`]?.(draft);
  // Zeros have to go before defaults come: `timeoutSeconds: 0` is as good as none.
  const given = sharing<JsonObject>(next, draft);
  const encoded = encodeUnstored(context.types, component, given);
  const filled = fillDefaults(context, component, encoded);
  context.types.seen.defaulted.note(context.types, component, { before: encoded, after: filled });
  return filled as KubeObject;
}

/** A built-in object with defaults as the API server stores and prints it. */
export function completeBuiltIn(
  { types, cluster }: CompleteContext,
  component: string,
  write: Completion,
): KubeObject {
  const { group, kind } = write.kind;
  const draft: Draft = { ...write.next };
  preparations[`${group}/${kind}`]?.(draft, write, cluster);
  const prepared = sharing<JsonObject>(write.next, draft);
  const encoded = encodeStruct(types, component, prepared);
  types.seen.encoded.note(types, component, { before: prepared, after: encoded });
  return encoded as KubeObject;
}
