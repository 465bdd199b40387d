/** What people and programs ask of Pipelines and Promotions, written to the hub: the server and the command line do it alike. */
export { promote, rollback } from "./create.ts";
export { annotatePipeline, approvePromotion, decidePromotion } from "./decide.ts";
export { gone, pipelineRef, promotionRef, readPromotion } from "./read.ts";
export type { RequestPlace } from "./read.ts";
export { release } from "./release.ts";
