import type { FieldNode } from "#core/merge/field-set.ts";
import type { FieldSchema, FieldSet, ManagedFieldsEntry } from "#core/merge/index.ts";
import type { KubeObject } from "#core/object/index.ts";

export interface RespectInput {
  readonly desired: KubeObject;
  readonly live: KubeObject;
  readonly schema: FieldSchema;
  /** What is ignored of the two objects. */
  readonly ignored: FieldSet;
  /** Our own entry of the live object's managedFields; undefined when there is none. */
  readonly own: ManagedFieldsEntry | undefined;
  readonly others: readonly ManagedFieldsEntry[];
  /** True where the object is replaced and not applied: all ignored fields are then sent as they live. */
  readonly whole: boolean;
}

/** Where two values are: their schema, what is ignored there and who owns it. */
export interface RespectPlace {
  readonly schema: FieldSchema;
  readonly ignored: FieldNode;
  readonly own: FieldNode | undefined;
  readonly others: FieldNode | undefined;
  readonly whole: boolean;
  /** True to send what nobody owns, too. */
  readonly sendsUnowned: boolean;
  readonly sent: { live: boolean };
}
