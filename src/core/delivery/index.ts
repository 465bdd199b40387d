/**
 * What became of changes: the way of revisions to clusters, where a commit or an image is of it (`placeCommit`, `placeImage`), and how well
 * that goes (`measure`, `figuresOf`).
 */
export type { Delivery } from "./delivery.ts";
export { figuresOf, joinMeasured, measure } from "./figures.ts";
export type { Figures, Measured } from "./figures.ts";
export { placeCommit, placeImage } from "./place.ts";
export type { AppFacts, Place } from "./place.ts";
export { imageMatcher, isImageText } from "./image-matcher.ts";
export { pathFinder } from "./path-finder.ts";
