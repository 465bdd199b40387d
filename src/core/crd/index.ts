/**
 * Argo CD's kinds and Mooring's, described once: a schema yields the CustomResourceDefinition, the parser and the TypeScript type, so they cannot
 * disagree. `unsupported.ts` is the one list of fields that are accepted and not acted on yet; `docs/compatibility` follows it.
 */
export { customResourceDefinitions } from "./definitions.ts";
