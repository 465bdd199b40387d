import type { JsonObject, KubeObject } from "#core/object/index.ts";
import type { ServedKind } from "../kinds/served-kind.ts";

/** One thing that is wrong with an object, as a cause of `Invalid`. */
export interface FieldError {
  /** As the API server prints it: `spec.template.spec.containers[0].image`. */
  readonly field: string;
  /** The API's own words: FieldValueRequired, FieldValueInvalid, FieldValueNotSupported, FieldValueForbidden, FieldValueDuplicate, … */
  readonly reason: string;
  /** `Required value`, `Invalid value: "x": must be …`. */
  readonly message: string;
}

export interface Decoded {
  /** Without what the schema does not know, where the kind's fields are pruned. */
  readonly object: JsonObject;
  /** `unknown field "spec.foo"`, in the order of the object. */
  readonly unknown: readonly string[];
}

/** The state of an object that a write would leave. */
export interface WriteCheck {
  readonly kind: ServedKind;
  readonly next: KubeObject;
  /** Undefined for a new object. */
  readonly live: KubeObject | undefined;
  readonly subresource: string;
  /** Nothing that is handed out once is handed out for a write that is only tried. */
  readonly dryRun?: boolean;
}

/** An object with its defaults on the way to what is stored. */
export interface Completion extends WriteCheck {
  /** What it was before it had its defaults. */
  readonly given: KubeObject;
}

/** What the kinds' schemas and the API's own rules say of objects. */
export interface KindRules {
  /** Throws ApiError BadRequest where a value has a type that the field cannot have. */
  decode(kind: ServedKind, body: JsonObject): Decoded;
  /** What a new object is taken to be a change of; undefined for custom resources. */
  empty(kind: ServedKind): KubeObject | undefined;
  /** The object with defaults, which is what its writer comes to manage. */
  withDefaults(check: WriteCheck): KubeObject;
  /**
   * An object with defaults and what else the server fills in; of live objects it keeps what is allocated once, such as a Service's
   * address.
   */
  complete(completion: Completion): KubeObject;
  /** Empty when the object may be stored. */
  validate(check: WriteCheck): readonly FieldError[];
  /** What is accepted, and told of. */
  warnings(check: WriteCheck): readonly string[];
}
