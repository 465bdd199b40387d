/** What an Application runs and where it answers: `status.summary`, read from live objects. */
export { mergeSummaries, summarize } from "./summarize.ts";
export { isSafeUrl } from "./url.ts";
export type { Summary } from "./summarize.ts";
