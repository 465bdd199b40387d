export { formatCommitMessage, parseTrailers } from "./trailers.ts";
export type { Trailer } from "./trailers.ts";
