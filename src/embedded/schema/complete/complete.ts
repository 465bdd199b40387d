import type { KubeObject, ObjectMeta } from "#core/object/index.ts";
import { formatApiVersion } from "#core/object/index.ts";
import type { ServedKind } from "../../kinds/served-kind.ts";
import { fillStructural } from "../custom/fill-structural.ts";
import { structuralOf } from "../custom/structural.ts";
import { metaComponent } from "../decode/decode.ts";
import type { Completion, WriteCheck } from "../rules.ts";
import { builtInWithDefaults, completeBuiltIn, type CompleteContext } from "./complete-built-in.ts";
import { encodeStruct } from "./encode-struct.ts";

/** An object with the defaults of its kind. */
export function withDefaults(context: CompleteContext, write: WriteCheck): KubeObject {
  const component = componentOf(context, write.kind);
  return component === undefined
    ? customWithDefaults(context, write)
    : builtInWithDefaults(context, component, write);
}

/** An object with defaults, and what else the API server fills in before it stores it. */
export function completeObject(context: CompleteContext, write: Completion): KubeObject {
  const component = componentOf(context, write.kind);
  return component === undefined ? write.next : completeBuiltIn(context, component, write);
}

/** What the API server takes a new object to be a change of; undefined for custom resources. */
export function emptyObjectOf(context: CompleteContext, kind: ServedKind): KubeObject | undefined {
  const component = componentOf(context, kind);
  if (component === undefined) return undefined;
  const apiVersion = formatApiVersion(kind.group, kind.version);
  return encodeStruct(context.types, component, { apiVersion, kind: kind.kind }) as KubeObject;
}

function componentOf({ types }: CompleteContext, kind: ServedKind): string | undefined {
  return kind.isCustom ? undefined : types.componentOf(kind.group, kind.version, kind.kind);
}

function customWithDefaults({ types }: CompleteContext, { kind, next }: WriteCheck): KubeObject {
  const filled = kind.openAPI === undefined ? next : fillStructural(structuralOf(kind.openAPI), next);
  const metadata = encodeStruct(types, metaComponent, next.metadata) as ObjectMeta;
  return { ...filled, apiVersion: next.apiVersion, kind: next.kind, metadata };
}
