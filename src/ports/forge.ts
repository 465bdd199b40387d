export type ForgeKind = "github" | "gitlab" | "gitea";

/** A forge's API, and who asks. */
export interface ForgeSettings {
  /** Forgejo is a `gitea`. */
  readonly kind: ForgeKind;
  /** Such as `https://api.github.com`, `https://gitlab.example.com/api/v4` or `https://gitea.example.com/api/v1`. */
  readonly apiUrl: string;
  readonly token: string;
  /** The Secret or variable that holds the token, for messages. */
  readonly tokenName?: string;
  /** PEM certificates of authorities that are trusted besides the usual ones. */
  readonly ca?: string;
}

/** A pull request, or a merge request of GitLab. */
export interface ChangeRequest {
  /** `owner/name`, or a project's id or path. */
  readonly repository: string;
  readonly number: number;
}

export interface ForgeComment {
  /** What our comment begins with, and nobody else's. */
  readonly marker: string;
  readonly body: string;
  /** False to leave it be where there is none yet. */
  readonly create: boolean;
}

/** Two branches of one repository, of which one is to be merged into the other. */
export interface ProposedBranches {
  /** `owner/name`, or a project's id or path. */
  readonly repository: string;
  readonly from: string;
  readonly into: string;
}

export interface Proposal extends ProposedBranches {
  readonly title: string;
  readonly body: string;
  /** Added to those that are there. */
  readonly labels?: readonly string[];
}

export interface Proposed {
  readonly number: number;
  /** Where people look at it. */
  readonly url: string;
  /** The commit that is proposed. */
  readonly head: string;
  readonly done: "created" | "updated" | "unchanged";
}

export interface Approval {
  readonly by: string;
  /** The commit that was looked at; undefined where the forge does not say. */
  readonly commit: string | undefined;
}

export interface ProposalState {
  readonly number: number;
  readonly url: string;
  readonly state: "open" | "merged" | "closed";
  readonly from: string;
  readonly into: string;
  readonly head: string;
  readonly mergeCommit: string | undefined;
  /** Undefined while the forge works it out. */
  readonly mergeable: boolean | undefined;
  /** In the forge's words. */
  readonly notMergeableBecause: string | undefined;
  readonly mergedBy: string | undefined;
  /** The latest word of each person, where that is an approval that nobody dismissed. */
  readonly approvals: readonly Approval[];
}

export type MergeMethod = "merge" | "squash" | "rebase" | "fast-forward";

export interface MergeWanted {
  /** What was approved: nothing else is merged. */
  readonly expectedHead: string;
  readonly method: MergeMethod;
}

export interface Merged {
  /** What the branch has now; undefined where the forge does not say. */
  readonly commit: string | undefined;
  readonly done: "merged" | "unchanged";
}

export interface Commit {
  readonly repository: string;
  /** Its whole id. */
  readonly commit: string;
}

export type CommitState = "pending" | "success" | "failure" | "error";

export interface CommitStatus {
  /** What tells it from others of the commit. */
  readonly context: string;
  readonly state: CommitState;
  /** At most 140 characters; a longer one is cut. */
  readonly description: string;
  readonly targetUrl: string | undefined;
}

/** Where changes are proposed, talked about, checked and merged. What it throws are `FORGE_` errors, which never hold the token. */
export interface Forge {
  /** Leaves one comment of this marker on a change request, with this body: writes it, changes it, and removes what is there twice. */
  upsertComment(
    request: ChangeRequest,
    comment: ForgeComment,
  ): Promise<"created" | "updated" | "unchanged" | "none">;
  /**
   * Sees to it that one open pull or merge request asks for a branch to be merged into another, with this title and text: begins one, or
   * changes what one says.
   */
  propose(proposal: Proposal): Promise<Proposed>;
  /** The open one for these branches. */
  findProposal(branches: ProposedBranches): Promise<ProposalState | undefined>;
  readProposal(request: ChangeRequest): Promise<ProposalState>;
  /**
   * Merges what is still at the expected commit, once. Throws FORGE_HEAD_MOVED when it is not, and FORGE_MERGE_REFUSED for what branch
   * protection, checks, a conflict or the forge's settings forbid.
   */
  mergeProposal(request: ChangeRequest, wanted: MergeWanted): Promise<Merged>;
  /** Closes what is open, with a comment. */
  closeProposal(request: ChangeRequest, comment?: string): Promise<"closed" | "unchanged">;
  /** Writes nothing where the commit has this very status. */
  setCommitStatus(commit: Commit, status: CommitStatus): Promise<"set" | "unchanged">;
  /** The latest of each context: statuses and, on GitHub, check runs. */
  readCommitStatuses(commit: Commit): Promise<readonly CommitStatus[]>;
  /** Whether the token's owner may push to a branch. */
  readPushRight(branch: {
    readonly repository: string;
    readonly branch: string;
  }): Promise<"allowed" | "refused" | "unknown">;
}
