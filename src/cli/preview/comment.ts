import type { PreviewReport } from "#core/preview/index.ts";
import { formatMarkdown, previewMarker } from "#core/preview/index.ts";
import type { ChangeRequest, ForgeSettings } from "#ports/forge.ts";
import type { CliPorts } from "../ports.ts";
import { usageError } from "../usage-error.ts";

interface CommentPlace {
  readonly settings: ForgeSettings;
  readonly request: ChangeRequest;
}

interface Asked {
  readonly comment?: string | undefined;
  readonly "pull-request"?: number | undefined;
  readonly id?: string | undefined;
}

type Env = CliPorts["env"];

/** Where the comment goes, as the CI system says it; undefined where none is asked for. Throws CLI_USAGE for what is missing. */
export function commentPlace(asked: Asked, env: Env): CommentPlace | undefined {
  if (asked.comment === undefined) return undefined;
  return asked.comment === "github" ? githubPlace(asked, env) : gitlabPlace(asked, env);
}

function githubPlace(asked: Asked, env: Env): CommentPlace {
  const fromRef = /^refs\/pull\/(?<number>\d+)\//u.exec(env["GITHUB_REF"] ?? "")?.groups?.["number"];
  return {
    settings: {
      kind: "github",
      apiUrl: given(env, "GITHUB_API_URL") ?? "https://api.github.com",
      token: needed(env, "GITHUB_TOKEN", "a token that may write comments"),
    },
    request: {
      repository: needed(env, "GITHUB_REPOSITORY", "OWNER/NAME"),
      number: numberOf(asked["pull-request"] ?? fromRef),
    },
  };
}

function gitlabPlace(asked: Asked, env: Env): CommentPlace {
  const project =
    given(env, "CI_MERGE_REQUEST_PROJECT_ID") ?? needed(env, "CI_PROJECT_ID", "the project's id");
  return {
    settings: {
      kind: "gitlab",
      apiUrl: needed(env, "CI_API_V4_URL", "the URL of the API, which ends in /api/v4"),
      token: needed(env, "GITLAB_TOKEN", "a token that may write notes (a job's own may not)"),
    },
    request: {
      repository: project,
      number: numberOf(asked["pull-request"] ?? given(env, "CI_MERGE_REQUEST_IID")),
    },
  };
}

function given(env: Env, name: string): string | undefined {
  return env[name] === "" ? undefined : env[name];
}

function needed(env: Env, name: string, what: string): string {
  const value = given(env, name);
  if (value === undefined)
    throw usageError(`flag --comment: the environment has no ${name}; set it to ${what}`);
  return value;
}

function numberOf(value: number | string | undefined): number {
  const number = Number(value ?? Number.NaN);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw usageError("flag --comment: nothing says which pull request it is; give --pull-request NUMBER");
}

/** Keeps one comment with the report; where nothing changes, none is begun. */
export async function writeComment(
  report: PreviewReport,
  { settings, request }: CommentPlace,
  { ports, id = "default" }: { readonly ports: CliPorts; readonly id: string | undefined },
): Promise<void> {
  const forge = await ports.connectForge(settings);
  const isNews = report.apps.some(({ change }) => change !== "unchanged");
  const body = formatMarkdown(report, { id });
  const done = await forge.upsertComment(request, { marker: previewMarker(id), body, create: isNews });
  if (done !== "none") ports.stderr.write(`comment ${done}\n`);
}
