export { ApiError, isConflict, isForbidden, isUnauthenticated } from "./api-error.ts";
export { call, reach } from "./call.ts";
export type { AnswerOf, RequestOf } from "./contract.ts";
export { follow } from "./stream.ts";
