/** What people and programs ask of Pipelines and Promotions, written to the hub: the server and the command line do it alike. */
export { chooseRevision, chooseRollbackTarget } from "./choose-revision.ts";
export { promote, rollback } from "./create.ts";
export type { PromoteRequest, RollbackRequest } from "./create.ts";
export { annotatePipeline, approvePromotion, decidePromotion } from "./decide.ts";
export { gone, listPromotions, pipelineOf, pipelineRef, promotionRef, readPromotion } from "./read.ts";
export type { RequestPlace } from "./read.ts";
export { release } from "./release.ts";
export type { ReleaseTarget } from "./release.ts";
