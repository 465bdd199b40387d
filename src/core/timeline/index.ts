export { describeDrifted } from "./describe-drifted.ts";
export type { DriftedObject } from "./describe-drifted.ts";
