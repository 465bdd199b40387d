/**
 * Structured merge: what a server-side apply would do, known without asking the server. Values are merged by the kind's
 * schema (openapi.ts), ownership is read from managedFields (managed-fields.ts, field-set.ts), and the prediction
 * (predict-apply.ts) is merge, then prune of what was released, then the spelling that the server would store.
 *
 * A prediction may claim a change that the server would not make (one dry run tells), never the other way round.
 *
 * The embedded API server acts by the same rules: apply-configuration.ts is a server-side apply with its conflicts, and
 * record-update.ts keeps managedFields after every other write.
 */
export { applyConfiguration } from "./apply-configuration.ts";
export { ApplyError } from "./apply-error.ts";
export { declaredPart } from "./declared-part.ts";
export { listDifferences } from "./difference.ts";
export { FieldSet } from "./field-set.ts";
export { parseFieldText } from "./field-text.ts";
export { keepTimes } from "./managers.ts";
export { formatFieldsV1, parseFieldsV1, parseManagedFields } from "./managed-fields.ts";
export type { ManagedFieldsEntry } from "./managed-fields.ts";
export { parseOpenApiV3 } from "./openapi.ts";
export type { KindSchemas } from "./openapi.ts";
export { fieldSetOf } from "./owned-fields.ts";
export { formatFieldPath, valueAt } from "./path.ts";
export type { FieldPath } from "./path.ts";
export { predictApply, withoutServerFields } from "./predict-apply.ts";
export type { PredictedApply } from "./predict-apply.ts";
export { recordUpdate } from "./record-update.ts";
export { resetFieldsOf, restoreReset } from "./reset-fields.ts";
export { deduced } from "./schema.ts";
export type { FieldSchema } from "./schema.ts";
export { settle } from "./settle.ts";
