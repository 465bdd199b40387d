import { createHash } from "node:crypto";
import { MooringError } from "#core/errors/index.ts";
import type { IntegrityPolicy } from "#core/integrity/index.ts";
import type { SignedRevision } from "#ports/git-store.ts";
import { BoundedMap } from "#runtime/bounded-map.ts";
import { fetchHistory } from "./fetch-history.ts";
import type { Mirror } from "./mirror.ts";
import type { Remote, RemoteContext } from "./remote.ts";
import { listRefs, withRemote } from "./remote.ts";
import { findRevision, parseRevision } from "./revision.ts";
import type { Revision } from "./signatures/check-signatures.ts";
import { checkSignatures } from "./signatures/check-signatures.ts";

export interface SignatureChecksOptions {
  readonly remotes: RemoteContext;
  /** The mirror that has commits with all that led to them, and no files. */
  readonly historyOf: (remote: Remote, commit: string) => Mirror;
}

/** A commit that is mirrored, with its files, for those who may see it. */
export interface MirroredCommit {
  readonly remote: Remote;
  readonly mirror: Mirror;
  readonly oid: string;
}

interface Question {
  readonly policy: IntegrityPolicy;
  readonly signal: AbortSignal;
}

/** Answers that are remembered; one takes a hundred bytes. */
const maxKnown = 10_000;

/** Finds out whether commits are signed as policies ask. A good answer holds for ever, since a commit's id covers all that led to it. */
export class SignatureChecks {
  readonly #options: SignatureChecksOptions;
  readonly #known = new BoundedMap<true>(maxKnown);

  constructor(options: SignatureChecksOptions) {
    this.#options = options;
  }

  /** Why the revision is not signed as the policy asks; undefined when it is. */
  async check(
    mirrored: MirroredCommit,
    asked: Omit<SignedRevision, "commit">,
    question: Question,
  ): Promise<string | undefined> {
    const { policy, signal } = question;
    const { remote, oid: commit } = mirrored;
    const revision: Revision = { commit, tag: await this.#tagOf(remote, { ...asked, commit }, signal) };
    const of = digestOf(policy);
    const id = `${of} ${revision.tag?.oid ?? ""} ${commit}`;
    if (this.#known.get(id) !== undefined) return undefined;
    const mirror = await this.#fetch(mirrored, revision, question);
    const refusal = await checkSignatures(revision, policy, {
      read: (oid) => this.#read(remote, mirror, { oid, signal }),
      isKnown: (oid) => this.#known.get(`${of}  ${oid}`) !== undefined,
      signal,
    });
    if (refusal !== undefined) return `repository ${remote.repository.url}: ${refusal}`;
    this.#known.set(id, true, 1);
    // What leads to a commit that was checked with its history need not be looked at again.
    if (policy.mode === "strict") this.#known.set(`${of}  ${commit}`, true, 1);
    return undefined;
  }

  /** The annotated tag that the target revision means, if it still leads to this commit. */
  async #tagOf(
    remote: Remote,
    { commit, targetRevision, tagPrefix }: SignedRevision,
    signal: AbortSignal,
  ): Promise<Revision["tag"]> {
    const wanted = parseRevision(targetRevision, tagPrefix);
    if (wanted.kind === "commit" || wanted.kind === "head") return undefined;
    const maxAgeMs = Number.POSITIVE_INFINITY;
    const refs = await listRefs(this.#options.remotes, remote, { maxAgeMs, signal });
    const found = findRevision(refs, wanted);
    const oid = found?.commit === commit ? refs.tagObjects.get(found.ref ?? "") : undefined;
    return oid === undefined ? undefined : { oid, name: (found?.ref ?? "").replace(/^refs\/tags\//u, "") };
  }

  /** The mirror that has all that is to be checked. */
  async #fetch(mirrored: MirroredCommit, { commit, tag }: Revision, question: Question): Promise<Mirror> {
    const { remote } = mirrored;
    const { policy, signal } = question;
    const isHistory = policy.mode === "strict";
    const mirror = isHistory ? await this.#fetchHistory(remote, commit, signal) : mirrored.mirror;
    if (tag === undefined || (await mirror.reader.info(tag.oid, signal)).found) return mirror;
    // A depth would cut the history off.
    const extent = isHistory
      ? ["--filter=tree:0", "--", "origin"]
      : ["--depth=1", "--", remote.repository.url];
    const refspec = `+refs/tags/${tag.name}:refs/mooring/tags/${tag.oid}`;
    await this.#inTurn(remote, mirror, {
      signal,
      run: async (environment) => void (await mirror.runFetch([...extent, refspec], environment, signal)),
    });
    return mirror;
  }

  async #fetchHistory(remote: Remote, commit: string, signal: AbortSignal): Promise<Mirror> {
    const mirror = this.#options.historyOf(remote, commit);
    await fetchHistory(this.#options.remotes, remote, { mirror, commit, filter: "tree:0", signal });
    return mirror;
  }

  async #inTurn(
    remote: Remote,
    mirror: Mirror,
    work: {
      readonly signal: AbortSignal;
      readonly run: (environment: Readonly<Record<string, string>>) => Promise<void>;
    },
  ): Promise<void> {
    await mirror.inTurn(() => withRemote(this.#options.remotes, remote, { kind: "fetch", ...work }));
  }

  async #read(
    { repository }: Remote,
    mirror: Mirror,
    { oid, signal }: { readonly oid: string; readonly signal: AbortSignal },
  ): Promise<Uint8Array> {
    const { maxObjectBytes } = this.#options.remotes.context.limits;
    const known = await mirror.reader.info(oid, signal);
    const isSmall = known.found && known.size <= maxObjectBytes;
    const reply = isSmall ? await mirror.reader.contents(oid, signal) : undefined;
    if (reply?.found === true && reply.content !== undefined) return reply.content;
    const message = `repository ${repository.url}: object ${oid.slice(0, 12)} cannot be read, so its signature cannot be checked; it is fetched again`;
    throw new MooringError("GIT_FAILED", message, { key: repository.url });
  }
}

function digestOf({ mode, keys, keyring }: IntegrityPolicy): string {
  const hash = createHash("sha256").update(JSON.stringify([mode, keys, keyring]));
  return hash.digest("base64");
}
