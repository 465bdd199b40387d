export { formatImage, imageKey, parseImage } from "./image.ts";
export type { Image } from "./image.ts";
export { mayHoldMarker, parseMarker } from "./marker.ts";
export type { MarkedPart } from "./marker.ts";
