/**
 * Deep links, as `resource.links`, `application.links` and `project.links` of `argocd-cm` define them: title, address and description are Go
 * text templates, `if` is a condition in expr-lang. What is not understood is a problem that names the key and the entry, and no link.
 */
export { celOfCondition } from "./cel-of-condition.ts";
export type { LinkDefinition, LinkKey } from "./parse-links.ts";
export { parseLinks } from "./parse-links.ts";
