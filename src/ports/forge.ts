/** A forge's API, and who asks. */
export interface ForgeSettings {
  readonly kind: "github" | "gitlab";
  /** Such as `https://api.github.com` or `https://gitlab.example.com/api/v4`. */
  readonly apiUrl: string;
  readonly token: string;
}

/** A pull request of GitHub or a merge request of GitLab. */
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

/** A branch that is to be merged into another. */
export interface Proposal {
  /** `owner/name`, or a project's id or path. */
  readonly repository: string;
  readonly from: string;
  readonly into: string;
  readonly title: string;
  readonly body: string;
}

export interface Proposed {
  readonly number: number;
  /** Where people look at it. */
  readonly url: string;
  readonly done: "created" | "updated" | "unchanged";
}

/** Where changes are proposed and talked about. */
export interface Forge {
  /**
   * Leaves one comment of this marker on a change request, with this body: writes it, changes it, and removes what is there twice. Throws
   * `FORGE_` errors, which never hold the token.
   */
  upsertComment(
    request: ChangeRequest,
    comment: ForgeComment,
  ): Promise<"created" | "updated" | "unchanged" | "none">;
  /**
   * Sees to it that one open pull or merge request asks for a branch to be merged into another, with this title and text: begins one, or
   * changes what one says. Throws `FORGE_` errors.
   */
  propose(proposal: Proposal): Promise<Proposed>;
}
