import { randomText } from "#runtime/random-text.ts";
import type { CliPorts } from "../ports.ts";

const letters = "abcdefghijklmnopqrstuvwxyz0123456789";

/** Who applies, for whoever waits: the user, with the job where one runs, and something that tells two of the same apart. */
export function identityOf({ env, userName }: Pick<CliPorts, "env" | "userName">): string {
  const job = jobOf(env);
  const place = job ?? env["HOSTNAME"] ?? "";
  return `${userName}${place === "" ? "" : ` (${place})`} #${randomText(5, letters)}`;
}

/** The address of the job of GitHub Actions, GitLab CI or Jenkins that this runs in. */
function jobOf(env: CliPorts["env"]): string | undefined {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID, CI_JOB_URL, BUILD_URL } = env;
  if (GITHUB_SERVER_URL !== undefined && GITHUB_REPOSITORY !== undefined && GITHUB_RUN_ID !== undefined)
    return `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
  return CI_JOB_URL ?? BUILD_URL;
}
