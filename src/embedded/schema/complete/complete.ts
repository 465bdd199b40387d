import type { KubeObject, ObjectMeta } from "#core/object/index.ts";
import type { ServedKind } from "../../kinds/served-kind.ts";
import { fillStructural } from "../custom/fill-structural.ts";
import { structuralOf } from "../custom/structural.ts";
import { metaComponent } from "../decode/decode.ts";
import type { WriteCheck } from "../rules.ts";
import { completeBuiltIn, type CompleteContext } from "./complete-built-in.ts";
import { encodeStruct } from "./encode-struct.ts";

/** Fills in what the API server fills in before it stores an object. */
export function completeObject(context: CompleteContext, write: WriteCheck): KubeObject {
  const component = componentOf(context, write.kind);
  return component === undefined
    ? completeCustom(context, write)
    : completeBuiltIn(context, component, write);
}

function componentOf({ types }: CompleteContext, kind: ServedKind): string | undefined {
  return kind.isCustom ? undefined : types.componentOf(kind.group, kind.version, kind.kind);
}

function completeCustom({ types }: CompleteContext, { kind, next }: WriteCheck): KubeObject {
  const filled = kind.openAPI === undefined ? next : fillStructural(structuralOf(kind.openAPI), next);
  const metadata = encodeStruct(types, metaComponent, next.metadata) as ObjectMeta;
  return { ...filled, apiVersion: next.apiVersion, kind: next.kind, metadata };
}
