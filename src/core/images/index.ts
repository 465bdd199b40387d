export { formatImage, imageKey, parseImage } from "./image.ts";
export type { Image } from "./image.ts";
export { mayHoldMarker, parseMarker } from "./marker.ts";
export type { MarkedPart } from "./marker.ts";
export { parseAutomation } from "./automation.ts";
export type { AutomatedImage, ImageAutomation } from "./automation.ts";
export type { TagOrder, TagPolicy } from "./tag-policy.ts";
