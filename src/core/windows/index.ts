/**
 * Sync windows: when a project lets its Applications be synced. Everything here is a function of the windows and a moment; what the clocks
 * show in a time zone is asked of the language's own tables. `windowsFor` finds what applies, `verdictAt` says what it means now,
 * `nextVerdictAt` when it will mean something else.
 */
export * from "./messages.ts";
export { windowProblems, windowsFor, windowStatus } from "./project-windows.ts";
export { windowState } from "./spans.ts";
export { mayGoOn, nextVerdictAt, turnsAt, verdictAt } from "./verdict.ts";
export type { PlacedWindow } from "./verdict.ts";
export type { WindowSpec } from "./window.ts";
