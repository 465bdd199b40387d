import type { ForgeSettings } from "#ports/forge.ts";
import type { CliPorts } from "./ports.ts";
import { usageError } from "./usage-error.ts";

/** A forge and a repository in it, as a CI job's environment says them. */
export interface ForgePlace {
  readonly settings: ForgeSettings;
  readonly repository: string;
}

type Env = CliPorts["env"];

/** Throws CLI_USAGE naming the flag that asks for it and the variable that is missing. */
export function forgePlace(kind: string, env: Env, flag: string): ForgePlace {
  const needed = (name: string, what: string) => {
    const value = given(env, name);
    if (value === undefined)
      throw usageError(`flag --${flag}: the environment has no ${name}; set it to ${what}`);
    return value;
  };
  const repository = () => needed("GITHUB_REPOSITORY", "OWNER/NAME");
  switch (kind) {
    case "github": {
      const apiUrl = given(env, "GITHUB_API_URL") ?? "https://api.github.com";
      const token = needed("GITHUB_TOKEN", "a token that may write to pull requests");
      return { settings: { kind, apiUrl, token, tokenName: "GITHUB_TOKEN" }, repository: repository() };
    }
    case "gitea": {
      // The runners of Gitea and Forgejo set GitHub's variables.
      const apiUrl = given(env, "GITEA_API_URL") ?? needed("GITHUB_API_URL", apiOfGitea);
      const tokenName = given(env, "FORGEJO_TOKEN") === undefined ? "GITEA_TOKEN" : "FORGEJO_TOKEN";
      const token =
        given(env, "FORGEJO_TOKEN") ?? needed("GITEA_TOKEN", "a token that may write to pull requests");
      return { settings: { kind, apiUrl, token, tokenName }, repository: repository() };
    }
    case "gitlab": {
      const apiUrl = needed("CI_API_V4_URL", "the URL of the API, which ends in /api/v4");
      const token = needed("GITLAB_TOKEN", "a token that may write to merge requests (a job's own may not)");
      const project =
        given(env, "CI_MERGE_REQUEST_PROJECT_ID") ?? needed("CI_PROJECT_ID", "the project's id");
      return { settings: { kind, apiUrl, token, tokenName: "GITLAB_TOKEN" }, repository: project };
    }
    default:
      throw usageError(`flag --${flag} ${JSON.stringify(kind)}: use github, gitlab or gitea`);
  }
}

const apiOfGitea = "the URL of the API, which ends in /api/v1";

/** A variable that is empty says nothing. */
export function given(env: Env, name: string): string | undefined {
  return env[name] === "" ? undefined : env[name];
}
