/**
 * The one redactor, used at every exit: logs, errors, diffs, events, the API. Objects are redacted before they are
 * compared or printed; texts that come from elsewhere are searched for the values that are known to be secret.
 */
export { encodeBase64 } from "./base64.ts";
export { findPlaceholder, hasPlaceholder } from "./find-placeholder.ts";
export { isSecret, redactSecrets } from "./redact.ts";
export { createTextRedactor } from "./redact-text.ts";
