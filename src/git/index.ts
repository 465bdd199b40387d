export type { GitLimits } from "./options.ts";
export { startGitStore } from "./start-git-store.ts";
