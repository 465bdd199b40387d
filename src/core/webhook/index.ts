/**
 * What forges and registries tell of pushes: a file for each that reads its payloads field by field, how addresses of one repository are known to be one,
 * which secrets the events prove themselves by, and how the server hands the news on to the controller. An event only ever causes a look at a repository.
 */
export { readAzureDevOps } from "./azure-devops.ts";
export { readBitbucket, readBitbucketServer } from "./bitbucket.ts";
export * from "./event.ts";
export { readGithub } from "./github.ts";
export { readGitlab } from "./gitlab.ts";
export { readGogs } from "./gogs.ts";
export * from "./news.ts";
export { readDockerHub, readHarbor } from "./registries.ts";
export { artifactKey, repositoryKey } from "./repository-key.ts";
export type { WebhookKey, WebhookSettings } from "./settings.ts";
