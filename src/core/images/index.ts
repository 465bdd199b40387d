export { formatImage, imageKey, parseImage } from "./image.ts";
export type { Image } from "./image.ts";
export { mayHoldMarker, parseMarker } from "./marker.ts";
export type { MarkedPart } from "./marker.ts";
export { automationKind, parseAutomation } from "./automation.ts";
export type { AutomatedImage, AutomatedProposal, GitTarget, ImageAutomation } from "./automation.ts";
export { fillTemplate } from "./template.ts";
export type { TemplateValues } from "./template.ts";
export type { TagOrder, TagPolicy } from "./tag-policy.ts";
