export type { GitLimits, GitStoreOptions } from "./options.ts";
export { startGitStore } from "./start-git-store.ts";
