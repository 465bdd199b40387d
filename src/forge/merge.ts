import { MooringError } from "#core/errors/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import type { ChangeRequest, Merged, MergeMethod, MergeWanted } from "#ports/forge.ts";
import { upsertOnce } from "./comments.ts";
import type { ForgeClient } from "./client.ts";
import { saidIn } from "./client.ts";
import { repositoryPath } from "./paths.ts";
import type { ProposalFacts } from "./read-proposal.ts";
import { proposalPath, readFacts } from "./read-proposal.ts";

/** Looks before it merges, so that an answer that was lost does not make an error of what is done. */
export async function mergeOnce(
  client: ForgeClient,
  request: ChangeRequest,
  wanted: MergeWanted,
): Promise<Merged> {
  const before = await readFacts(client, request);
  const name = `${request.repository}#${request.number}`;
  if (before.head !== wanted.expectedHead) throw headMoved(name, wanted, before.head);
  if (before.state === "merged") return { commit: before.mergeCommit, done: "unchanged" };
  if (before.state === "closed") throw refusal(name, "it is closed");
  await mergers[client.kind](client, { request, wanted, before, name });
  const after = await readFacts(client, request);
  if (after.state !== "merged" && wanted.method !== "fast-forward")
    throw refusal(name, after.notMergeableBecause ?? "the forge took it and did not merge");
  return { commit: after.mergeCommit ?? wanted.expectedHead, done: "merged" };
}

interface Merging {
  readonly request: ChangeRequest;
  readonly wanted: MergeWanted;
  readonly before: ProposalFacts;
  readonly name: string;
}

type Merger = (client: ForgeClient, merging: Merging) => Promise<void>;

/** What forges say in the place of merging. */
const refusals = [400, 405, 406, 409, 422];

const mergers: Readonly<Record<ForgeClient["kind"], Merger>> = {
  github: async (client, merging) => {
    const { wanted, request, before } = merging;
    if (wanted.method === "fast-forward") {
      // GitHub has no such merge; a branch that comes to hold the proposed commit makes it a merged one.
      const path = `${repositoryPath(client.kind, request.repository)}/git/refs/heads/${branchPath(before.into)}`;
      await ask(client, merging, { method: "PATCH", path, body: { sha: wanted.expectedHead, force: false } });
      return;
    }
    const path = `${proposalPath(client.kind, request)}/merge`;
    const body = { sha: wanted.expectedHead, merge_method: wanted.method };
    await ask(client, merging, { method: "PUT", path, body });
  },
  gitea: async (client, merging) => {
    const { wanted, request } = merging;
    const how = wanted.method === "fast-forward" ? "fast-forward-only" : wanted.method;
    const path = `${proposalPath(client.kind, request)}/merge`;
    const body = { Do: how, head_commit_id: wanted.expectedHead };
    await ask(client, merging, { method: "POST", path, body });
  },
  gitlab: async (client, merging) => {
    const { wanted, request, name } = merging;
    const { body: project } = await client.call({
      method: "GET",
      path: repositoryPath(client.kind, request.repository),
    });
    const problem = methodProblem(wanted.method, viewString(project, "merge_method") ?? "merge");
    if (problem !== undefined) throw refusal(name, problem);
    const path = `${proposalPath(client.kind, request)}/merge`;
    const body = { sha: wanted.expectedHead, squash: wanted.method === "squash" };
    await ask(client, merging, { method: "PUT", path, body });
  },
};

/** GitLab merges as the project says, and takes no word on it but for squashing. */
function methodProblem(wanted: MergeMethod, has: string): string | undefined {
  const isLinear = has === "ff";
  if (wanted === "squash" || (wanted === "merge") !== isLinear) return undefined;
  const setting = wanted === "merge" ? "Merge commit" : "Fast-forward merge";
  return `the project's merge method is ${has}; set it to "${setting}", or ask for another`;
}

async function ask(
  client: ForgeClient,
  { wanted, request, name }: Merging,
  call: { readonly method: "POST" | "PUT" | "PATCH"; readonly path: string; readonly body: JsonObject },
): Promise<void> {
  const { status, body } = await client.call({ ...call, expects: refusals });
  if (status < 300) return;
  const now = await readFacts(client, request);
  if (now.head !== wanted.expectedHead) throw headMoved(name, wanted, now.head);
  if (now.state !== "merged") throw refusal(name, saidIn(body) || `it answered ${status}`);
}

function branchPath(branch: string): string {
  return branch.split("/").map(encodeURIComponent).join("/");
}

function headMoved(name: string, { expectedHead }: MergeWanted, head: string): MooringError {
  return new MooringError(
    "FORGE_HEAD_MOVED",
    `pull request ${name}: it was to be merged at ${expectedHead} and is at ${head}; look at it again`,
  );
}

function refusal(name: string, said: string): MooringError {
  return new MooringError(
    "FORGE_MERGE_REFUSED",
    `pull request ${name}: the forge does not merge it: ${said}; see to that and merge again`,
  );
}

const closeMarker = "<!-- mooring-close -->";

export async function closeOnce(
  client: ForgeClient,
  request: ChangeRequest,
  comment: string | undefined,
): Promise<"closed" | "unchanged"> {
  const { state } = await readFacts(client, request);
  if (state !== "open") return "unchanged";
  if (comment !== undefined) {
    const body = `${closeMarker}\n${comment}`;
    await upsertOnce(client, request, { marker: closeMarker, body, create: true });
  }
  const path = proposalPath(client.kind, request);
  await (client.kind === "gitlab"
    ? client.call({ method: "PUT", path, body: { state_event: "close" } })
    : client.call({ method: "PATCH", path, body: { state: "closed" } }));
  return "closed";
}
