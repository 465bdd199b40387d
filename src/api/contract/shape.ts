import type { DescMessage, Message, MessageShape } from "@bufbuild/protobuf";
import type { JsonObject, JsonValue } from "#core/object/index.ts";

/** Messages that are one JSON value as Kubernetes writes it, not an object with the message's fields. */
export interface Opaque {
  readonly "k8s.io.apimachinery.pkg.apis.meta.v1.Time": string;
  readonly "k8s.io.apimachinery.pkg.apis.meta.v1.MicroTime": string;
  readonly "k8s.io.apimachinery.pkg.apis.meta.v1.FieldsV1": JsonObject;
  readonly "k8s.io.apimachinery.pkg.runtime.RawExtension": JsonObject;
  readonly "k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSON": JsonValue;
  readonly "k8s.io.apimachinery.pkg.util.intstr.IntOrString": number | string;
}

/** Messages some of whose fields stand in JSON among their own, as Go's embedded structs do. */
interface Inlined {
  readonly "github.com.argoproj.argo_cd.v3.pkg.apis.application.v1alpha1.ResourceNode": "resourceRef";
  readonly "github.com.argoproj.argo_cd.v3.pkg.apis.application.v1alpha1.ApplicationSourcePluginParameter":
    | "map"
    | "array";
}

/**
 * A message as JSON the way Kubernetes writes it: every field may be missing, 64-bit integers are numbers, bytes are base64, times
 * are RFC 3339. It is the only form that the inside of the API knows; messages exist at the gRPC edge alone.
 */
export type ShapeOf<M> =
  M extends Message<infer Name>
    ? Name extends keyof Opaque
      ? Opaque[Name]
      : Name extends keyof Inlined
        ? FieldsOf<M, Inlined[Name]> & InlinedOf<M, Inlined[Name]>
        : FieldsOf<M, never>
    : never;

type FieldsOf<M, Left> = {
  readonly [Field in Exclude<keyof M, "$typeName" | "$unknown" | Left>]?: ShapeOfField<M[Field]>;
};

type InlinedOf<M, Field extends string> = Field extends keyof M ? ShapeOf<NonNullable<M[Field]>> : never;

type ShapeOfField<Value> = Value extends bigint
  ? number
  : Value extends Uint8Array
    ? string
    : Value extends readonly (infer Item)[]
      ? readonly ShapeOfField<Item>[]
      : Value extends Message
        ? ShapeOf<Value>
        : Value extends Readonly<Record<string, infer Item>>
          ? Readonly<Record<string, ShapeOfField<Item>>>
          : Value;

/** The shape of the message that a descriptor is of. */
export type ShapeOfDesc<Desc> = Desc extends DescMessage ? ShapeOf<MessageShape<Desc>> : never;
