import type { Infer } from "#core/crd/schema.ts";
import type {
  pipelineSpecSchema,
  pipelineStatusSchema,
  promotionPhases,
  promotionSpecSchema,
  promotionStatusSchema,
} from "./pipeline-schema.ts";

export type PipelineSpec = Infer<typeof pipelineSpecSchema>;
export type PipelineStatus = Infer<typeof pipelineStatusSchema>;
export type StageSpec = PipelineSpec["stages"][number];
export type StageStatus = NonNullable<PipelineStatus["stages"]>[number];
export type GateSpec = NonNullable<StageSpec["gates"]>[number];
export type PromotionSpec = Infer<typeof promotionSpecSchema>;
export type PromotionStatus = Infer<typeof promotionStatusSchema>;
export type PromotionPhase = (typeof promotionPhases)[number];
export type GateState = NonNullable<PromotionStatus["gates"]>[number];
export type Approval = NonNullable<PromotionStatus["approvals"]>[number];
