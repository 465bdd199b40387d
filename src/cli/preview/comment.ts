import type { PreviewReport } from "#core/preview/index.ts";
import { formatMarkdown, previewMarker } from "#core/preview/index.ts";
import type { ChangeRequest, ForgeSettings } from "#ports/forge.ts";
import { forgePlace, given } from "../forge-place.ts";
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
  const { comment } = asked;
  if (comment === undefined) return undefined;
  const { settings, repository } = forgePlace(comment, env, "comment");
  const number =
    asked["pull-request"] ?? (comment === "gitlab" ? given(env, "CI_MERGE_REQUEST_IID") : pullNumber(env));
  return { settings, request: { repository, number: numberOf(number) } };
}

/** Of GitHub, and of the runners of Gitea and Forgejo, which set GitHub's variables. */
function pullNumber(env: Env): string | undefined {
  return /^refs\/pull\/(?<number>\d+)\//u.exec(env["GITHUB_REF"] ?? "")?.groups?.["number"];
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
