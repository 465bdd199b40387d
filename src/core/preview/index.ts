/**
 * What a change in Git would change in what applications render to, before it is merged.
 *
 * - An application is looked at when its declaration changed, or something that its render may read (`climbingPaths`); whatever
 *   cannot be told from the files counts as read.
 * - A report holds no value of a Secret: objects are hidden before they are compared.
 * - The Markdown form has a bound, since forges refuse longer comments: the summary stays, the longest differences are cut.
 */
export { canonicalRepository } from "./canonical-repository.ts";
export { climbingPaths, pathInside } from "./climbing-paths.ts";
export { compareRenders } from "./compare-renders.ts";
export { formatMarkdown, previewMarker } from "./markdown.ts";
export type { AppPreview, PreviewReport } from "./report.ts";
export { countChanges } from "./report.ts";
export { generatePathsOf, startsOf } from "./starts-of.ts";
