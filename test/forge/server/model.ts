import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ForgeKind, MergeMethod } from "#ports/forge.ts";
import type { TestRepository } from "#test/git-servers/index.ts";

export interface Comment {
  readonly id: number;
  /** The number of its proposal; 7 when it is not said. */
  readonly on?: number;
  body: string;
  /** Written by somebody else: our token may not change it. */
  readonly foreign: boolean;
}

export interface ServedProposal {
  readonly number: number;
  readonly from: string;
  readonly into: string;
  title: string;
  body: string;
  state: "open" | "merged" | "closed";
  /** What it was at when it was merged or closed; while it is open, what its branch has. */
  head: string;
  mergeCommit: string | undefined;
  labels: string[];
}

export interface Review {
  readonly on: number;
  readonly by: string;
  readonly said: "approved" | "changes" | "comment" | "dismissed";
  readonly commit: string;
}

export interface ServedStatus {
  readonly commit: string;
  readonly context: string;
  readonly state: string;
  readonly description: string;
  readonly target_url: string | null;
}

export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const hook = `#!/bin/sh
while read -r old new ref; do
  if git config --get-all forge.protected | grep -qxF "\${ref#refs/heads/}"; then
    echo "protected branch: $ref takes pull requests only" >&2
    exit 1
  fi
done
`;

const protectedKey = "forge.protected";

/** What a forge keeps, on top of a real repository in which merges really happen. */
export class ForgeModel {
  readonly kind: ForgeKind;
  readonly proposals: ServedProposal[] = [];
  readonly comments: Comment[] = [];
  readonly reviews: Review[] = [];
  /** In the order in which they were written. */
  readonly statuses: ServedStatus[] = [];
  /** GitHub's. */
  readonly checkRuns: {
    readonly commit: string;
    readonly name: string;
    readonly conclusion: string | null;
  }[] = [];
  /** Contexts without whose success nothing is merged. */
  readonly requiredChecks: string[] = [];
  /** As GitLab's projects have it. */
  mergeMethod: "merge" | "ff" = "merge";
  readonly #repository: TestRepository | undefined;
  #protected: readonly string[] = [];

  constructor(kind: ForgeKind, repository: TestRepository | undefined) {
    this.kind = kind;
    this.#repository = repository;
  }

  /** Pushes to it are refused from now on, with git's own hook. */
  async protect(branch: string): Promise<void> {
    await this.#git.git("config", "--add", protectedKey, branch);
    const file = join(this.#git.directory, "hooks", "pre-receive");
    await writeFile(file, hook);
    await chmod(file, 0o755);
    this.#protected = [...this.#protected, branch];
  }

  isProtected(branch: string): boolean {
    return this.#protected.includes(branch);
  }

  async tip(branch: string): Promise<string> {
    return await this.#git.git("for-each-ref", "--format=%(objectname)", `refs/heads/${branch}`);
  }

  /** Of a number, as it now is: a branch that holds the proposed commit makes it a merged one. */
  async find(number: number): Promise<ServedProposal> {
    const found = this.proposals.find((one) => one.number === number);
    if (found === undefined) throw new Refusal(404, "Not Found");
    return await this.#refreshed(found);
  }

  /** Those that are open, with what their branches have. */
  async list(): Promise<readonly ServedProposal[]> {
    const refs = await this.#git.git("for-each-ref", "--format=%(refname:short) %(objectname)", "refs/heads");
    const tips = new Map(refs.split("\n").map((line) => line.split(" ") as [string, string]));
    const open = this.proposals.filter(({ state }) => state === "open");
    for (const one of open) one.head = tips.get(one.from) ?? one.head;
    return open;
  }

  async begin(made: Pick<ServedProposal, "from" | "into" | "title" | "body">): Promise<ServedProposal> {
    const isThere = this.proposals.some(
      ({ from, into, state }) => state === "open" && from === made.from && into === made.into,
    );
    if (isThere) throw new Refusal(this.kind === "github" ? 422 : 409, "it exists");
    const head = await this.tip(made.from);
    if (head === "") throw new Refusal(422, "head: invalid");
    const number = this.proposals.length + 1;
    this.proposals.push({ ...made, number, head, state: "open", mergeCommit: undefined, labels: [] });
    return await this.find(number);
  }

  /** Why it is not merged now; undefined when nothing forbids it. */
  async blockedBy({ head, from, into }: ServedProposal): Promise<"conflict" | "checks" | undefined> {
    if ((await this.#mergedTree(into, from)) === undefined) return "conflict";
    const isGreen = (context: string) =>
      this.latest(head).some((one) => one.context === context && one.state === "success");
    return this.requiredChecks.every((context) => isGreen(context)) ? undefined : "checks";
  }

  /** The last of each context. */
  latest(commit: string): readonly ServedStatus[] {
    const own = this.statuses
      .filter((one) => one.commit === commit)
      .map((one) => [one.context, one] as const);
    return [...new Map(own).values()];
  }

  async merge(number: number, { head, how }: { readonly head: string; readonly how: MergeMethod }) {
    const proposal = await this.find(number);
    if (proposal.state !== "open") throw new Refusal(405, "Method Not Allowed");
    if (proposal.head !== head) throw new Refusal(409, "Head branch was modified");
    const why = await this.blockedBy(proposal);
    if (why === "conflict") throw new Refusal(405, "Pull Request is not mergeable: conflict");
    if (why === "checks") throw new Refusal(405, "Required status check is expected");
    const base = await this.tip(proposal.into);
    const made = await this.#makeMerge(proposal, base, how);
    await this.#git.git("update-ref", `refs/heads/${proposal.into}`, made, base);
    Object.assign(proposal, { state: "merged", mergeCommit: made });
  }

  /** Moves a branch forward, as GitHub's API for refs does. */
  async forward(branch: string, to: string): Promise<void> {
    const base = await this.tip(branch);
    if (this.isProtected(branch)) throw new Refusal(422, "Changes must be made through a pull request.");
    if (!(await this.#isWithin(base, to))) throw new Refusal(422, "Update is not a fast forward");
    await this.#git.git("update-ref", `refs/heads/${branch}`, to, base);
  }

  get #git(): TestRepository {
    if (this.#repository === undefined) throw new Error("this forge has no repository");
    return this.#repository;
  }

  async #refreshed(proposal: ServedProposal): Promise<ServedProposal> {
    if (proposal.state !== "open") return proposal;
    proposal.head = (await this.tip(proposal.from)) || proposal.head;
    const base = await this.tip(proposal.into);
    if (await this.#isWithin(proposal.head, base))
      Object.assign(proposal, { state: "merged", mergeCommit: proposal.head });
    return proposal;
  }

  async #isWithin(commit: string, branch: string): Promise<boolean> {
    return (await this.#git.git("rev-list", "--count", commit, `^${branch}`)) === "0";
  }

  /** Undefined for a conflict, of which git says so and exits with 1. */
  async #mergedTree(into: string, from: string): Promise<string | undefined> {
    try {
      return await this.#git.git("merge-tree", "--write-tree", into, from);
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === 1) return undefined;
      throw error;
    }
  }

  async #makeMerge({ from, head, title }: ServedProposal, base: string, how: MergeMethod): Promise<string> {
    const git = async (...args: readonly string[]) => await this.#git.git(...args);
    if (how === "fast-forward") {
      if (await this.#isWithin(base, head)) return head;
      throw new Refusal(405, "fast-forward is not possible");
    }
    if (how === "rebase") {
      const commits = (await git("rev-list", "--reverse", head, `^${base}`)).split("\n");
      let tip = base;
      for (const commit of commits) {
        // What two commits have in common is what git merges them by.
        const beside = await git("commit-tree", `${tip}^{tree}`, "-p", `${commit}^`, "-m", "beside");
        const tree = await this.#mergedTree(beside, commit);
        if (tree === undefined) throw new Refusal(409, "Rebase: conflict");
        tip = await git("commit-tree", tree, "-p", tip, "-m", title);
      }
      return tip;
    }
    const tree = (await this.#mergedTree(base, from)) ?? "";
    const parents = how === "merge" ? ["-p", base, "-p", head] : ["-p", base];
    return await git("commit-tree", tree, ...parents, "-m", title);
  }
}
