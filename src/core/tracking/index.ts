/**
 * What an object's labels and annotations say to Mooring, in Argo CD's words: which Application it belongs to
 * (tracking), and how it wants to be applied, compared, ordered and run as a hook.
 *
 * Everything here reads a value that somebody typed into Git, so nothing here throws on a bad value: it falls back to
 * the default and `viewAnnotationProblems` says what was wrong.
 */
export {
  annotationKey,
  defaultInstanceLabelKey,
  hookFinalizer,
  linkAnnotationPrefix,
} from "./annotations.ts";
export { appInstanceName } from "./app-instance-name.ts";
export { viewCompareOptions } from "./compare-options.ts";
export { viewHooks } from "./hooks.ts";
export type { HookDeletePolicy, HookType, Hooks } from "./hooks.ts";
export { otherOwnerOf, ownsObject, renameTracked, setTracking, trackingOf } from "./ownership.ts";
export type { SetTrackingOptions, TrackingMethod } from "./ownership.ts";
export { viewAnnotationProblems } from "./problems.ts";
export { viewSyncOptions } from "./sync-options.ts";
export type { DeletionRule } from "./sync-options.ts";
export { viewSyncWave } from "./sync-wave.ts";
export { parseTrackingId, trackingId } from "./tracking-id.ts";
