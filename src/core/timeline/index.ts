export { describeDrifted } from "./describe-drifted.ts";
export type { DriftedField, DriftedObject } from "./describe-drifted.ts";
