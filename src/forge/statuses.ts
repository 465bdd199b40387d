import { MooringError } from "#core/errors/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import type { Commit, CommitState, CommitStatus, ForgeKind } from "#ports/forge.ts";
import type { ForgeClient } from "./client.ts";
import { repositoryPath } from "./paths.ts";

const maxDescription = 140;

export async function setStatusOnce(
  client: ForgeClient,
  commit: Commit,
  status: CommitStatus,
): Promise<"set" | "unchanged"> {
  const { kind } = client;
  const { context, state, targetUrl } = status;
  const description = cut(status.description);
  const there = (await readStatuses(client, commit)).find((one) => one.context === context);
  const isSame = there?.state === state && there.description === description && there.targetUrl === targetUrl;
  if (isSame) return "unchanged";
  const path = `${repositoryPath(kind, commit.repository)}/statuses/${idOf(commit)}`;
  const body = {
    state: kind === "gitlab" ? gitlabWords[state] : state,
    context,
    description,
    ...(targetUrl === undefined ? {} : { target_url: targetUrl }),
  };
  await client.call({ method: "POST", path, body });
  return "set";
}

const gitlabWords = { pending: "running", success: "success", failure: "failed", error: "failed" } as const;

function cut(text: string): string {
  const letters = Array.from(text);
  return letters.length <= maxDescription ? text : `${letters.slice(0, maxDescription - 1).join("")}…`;
}

export async function readOnceStatuses(
  client: ForgeClient,
  commit: Commit,
): Promise<readonly CommitStatus[]> {
  const statuses = await readStatuses(client, commit);
  if (client.kind !== "github") return statuses;
  const base = repositoryPath(client.kind, commit.repository);
  const runs = await client.list(`${base}/commits/${idOf(commit)}/check-runs`, "check_runs");
  return [...statuses, ...runs.map((run) => checkRunOf(run))];
}

/** The latest of each context. */
async function readStatuses(client: ForgeClient, commit: Commit): Promise<readonly CommitStatus[]> {
  const { kind } = client;
  const base = repositoryPath(kind, commit.repository);
  const id = idOf(commit);
  const listed =
    kind === "gitlab"
      ? await client.list(`${base}/repository/commits/${id}/statuses`)
      : await client.list(`${base}/commits/${id}/status`, "statuses");
  const names: Readonly<Record<ForgeKind, readonly [context: string, state: string]>> = {
    github: ["context", "state"],
    gitlab: ["name", "status"],
    gitea: ["context", "status"],
  };
  const [context, state] = names[kind];
  return listed.map((one) => ({
    context: viewString(one, context) ?? "",
    state: stateOf(viewString(one, state)),
    description: viewString(one, "description") ?? "",
    targetUrl: viewString(one, "target_url") || undefined,
  }));
}

/** Words of all three; one that nobody knows is no success. */
function stateOf(word = ""): CommitState {
  switch (word) {
    case "success":
    case "skipped":
    case "neutral":
      return "success";
    case "failure":
    case "failed":
    case "timed_out":
    case "action_required":
      return "failure";
    case "pending":
    case "running":
    case "created":
    case "preparing":
    case "waiting_for_resource":
    case "scheduled":
    case "manual":
      return "pending";
    default:
      return "error";
  }
}

function checkRunOf(run: JsonValue): CommitStatus {
  const isDone = viewString(run, "status") === "completed";
  return {
    context: viewString(run, "name") ?? "",
    state: isDone ? stateOf(viewString(run, "conclusion")) : "pending",
    description: viewString(run, "output", "title") ?? "",
    targetUrl: viewString(run, "html_url"),
  };
}

/** Throws CONFIG_INVALID for what is no commit: a path in its place would lead elsewhere. */
function idOf({ repository, commit }: Commit): string {
  if (/^(?:[\da-f]{40}|[\da-f]{64})$/u.test(commit)) return commit;
  throw new MooringError(
    "CONFIG_INVALID",
    `repository ${repository}: ${JSON.stringify(commit)} is no whole id of a commit; give one`,
  );
}
