/**
 * The hub: the control-plane namespace, whose objects say what is deployed where and how it is reached. Here is what can be
 * said about them without asking anybody: the controller reads them from watches, the command line from lists.
 */
export { readHubConfig } from "./config.ts";
export type { HubConfig } from "./config.ts";
export { resolveReferences, trackingOptions } from "./resolve-application.ts";
export { resolveWindows } from "./project-rules.ts";
export type { ProjectSources } from "./project-rules.ts";
export { resolveProject } from "./resolve-project.ts";
export { secretValuesOf } from "./secret-values.ts";
export type { AppReferences } from "./resolve-application.ts";
export type { SourceReference } from "./source-reference.ts";
export { referToSource } from "./source-reference.ts";
