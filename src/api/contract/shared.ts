/**
 * What clients work out by themselves, and must work out as the server and the controller do: pure code of core. The web UI holds no other
 * code of ours but this.
 */
export { findZone } from "#core/windows/zone.ts";
export type { Zone } from "#core/windows/zone.ts";
export { windowProblems } from "#core/windows/project-windows.ts";
export { windowSpans, windowState } from "#core/windows/spans.ts";
export type { WindowSpan } from "#core/windows/spans.ts";
export type { WindowSpec } from "#core/windows/window.ts";
export { repositoryMatchKey } from "#core/repo/url.ts";
export { actionsOf, projectResources, resources } from "#core/rbac/vocabulary.ts";
export type {
  GateState,
  PipelineSpec,
  PipelineStatus,
  PromotionSpec,
  PromotionStatus,
  StageSpec,
  StageStatus,
} from "#core/promotion/types.ts";
