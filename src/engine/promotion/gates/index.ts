/**
 * The gates of a promotion (ADR 41), a file for each kind. `evaluateGate` says where one stands now; everything that it has to remember is in
 * its outcome, so that any process can go on. Each has an end: a gate that waits for longer than its timeout has failed.
 */
export { evaluateGate } from "./evaluate-gate.ts";
export type * from "./gate-context.ts";
