import type { JsonValue } from "#core/object/index.ts";
import { viewArray, viewPath, viewString } from "#core/object/index.ts";
import type { Approval, ChangeRequest, ForgeKind, ProposalState } from "#ports/forge.ts";
import type { ForgeClient } from "./client.ts";
import { proposalsPath } from "./paths.ts";
import { proposedIn } from "./propose.ts";

export function proposalPath(kind: ForgeKind, { repository, number }: ChangeRequest): string {
  return `${proposalsPath(kind, repository)}/${number}`;
}

export type ProposalFacts = Omit<ProposalState, "approvals">;

/** What the proposal itself says. */
export async function readFacts(client: ForgeClient, request: ChangeRequest): Promise<ProposalFacts> {
  const { body } = await client.call({ method: "GET", path: proposalPath(client.kind, request) });
  return { ...proposedIn(body, client.kind), ...facts[client.kind](body) };
}

export async function readOnce(client: ForgeClient, request: ChangeRequest): Promise<ProposalState> {
  const read = await readFacts(client, request);
  return { ...read, approvals: await readApprovals(client, request) };
}

type Told = Omit<ProposalFacts, "number" | "url" | "head">;

function pullFacts(value: JsonValue | undefined): Told {
  const isMerged = viewPath(value, "merged") === true;
  return {
    state: isMerged ? "merged" : viewString(value, "state") === "open" ? "open" : "closed",
    from: viewString(value, "head", "ref") ?? "",
    into: viewString(value, "base", "ref") ?? "",
    // Before the merge it is one that the forge only tries out.
    mergeCommit: isMerged ? viewString(value, "merge_commit_sha") : undefined,
    mergedBy: viewString(value, "merged_by", "login"),
    mergeable: undefined,
    notMergeableBecause: undefined,
  };
}

const facts: Readonly<Record<ForgeKind, (value: JsonValue | undefined) => Told>> = {
  github: (value) => {
    const state = viewString(value, "mergeable_state") ?? "unknown";
    const mergeable = viewPath(value, "mergeable");
    if (typeof mergeable !== "boolean") return pullFacts(value);
    const isStopped = ["blocked", "behind", "dirty", "draft"].includes(state);
    return mergeableOr(pullFacts(value), mergeable && !isStopped, state);
  },
  gitea: (value) => {
    const isDraft = viewPath(value, "draft") === true;
    const mergeable = viewPath(value, "mergeable");
    if (typeof mergeable !== "boolean") return pullFacts(value);
    return mergeableOr(pullFacts(value), mergeable && !isDraft, isDraft ? "draft" : "conflict");
  },
  gitlab: (value) => {
    const state = viewString(value, "state");
    const status = viewString(value, "detailed_merge_status") ?? viewString(value, "merge_status") ?? "";
    const told: Told = {
      state: state === "merged" ? "merged" : state === "opened" ? "open" : "closed",
      from: viewString(value, "source_branch") ?? "",
      into: viewString(value, "target_branch") ?? "",
      mergeCommit:
        state === "merged"
          ? (viewString(value, "merge_commit_sha") ??
            viewString(value, "squash_commit_sha") ??
            viewString(value, "sha"))
          : undefined,
      mergedBy: viewString(value, "merge_user", "username") ?? viewString(value, "merged_by", "username"),
      mergeable: undefined,
      notMergeableBecause: undefined,
    };
    const isOpen = ["", "unchecked", "checking", "preparing", "approvals_syncing"].includes(status);
    return isOpen ? told : mergeableOr(told, ["mergeable", "can_be_merged"].includes(status), status);
  },
};

function mergeableOr(told: Told, mergeable: boolean, reason: string): Told {
  if (told.state !== "open") return told;
  return { ...told, mergeable, notMergeableBecause: mergeable ? undefined : reason };
}

async function readApprovals(client: ForgeClient, request: ChangeRequest): Promise<readonly Approval[]> {
  const path = proposalPath(client.kind, request);
  if (client.kind === "gitlab") {
    const { body } = await client.call({ method: "GET", path: `${path}/approvals` });
    return viewArray(body, "approved_by").flatMap((one) => {
      const by = viewString(one, "user", "username");
      return by === undefined ? [] : [{ by, commit: undefined }];
    });
  }
  return approvalsIn(await client.list(`${path}/reviews`));
}

/** Words that say neither yes nor no leave what the same person said before. */
const silent = new Set(["COMMENT", "COMMENTED", "PENDING", "REQUEST_REVIEW"]);

function approvalsIn(reviews: readonly JsonValue[]): readonly Approval[] {
  const latest = new Map<string, JsonValue>();
  for (const review of reviews) {
    const by = viewString(review, "user", "login");
    if (by !== undefined && !silent.has(viewString(review, "state") ?? "")) latest.set(by, review);
  }
  return [...latest]
    .filter(([, one]) => viewString(one, "state") === "APPROVED" && viewPath(one, "dismissed") !== true)
    .map(([by, review]) => ({ by, commit: viewString(review, "commit_id") }));
}
