/**
 * Diffs that people read: objects printed as YAML in one fixed way, compared line by line, shown in hunks that name the
 * field they are about. The output is data; colours are the CLI's.
 */
export { diffObjects } from "./diff.ts";
export type { DiffLine } from "./diff.ts";
export { printYaml } from "./yaml.ts";
