import type { IntegrityPolicy } from "#core/integrity/index.ts";
import { throwIfAborted } from "#runtime/abort.ts";
import { openPgpKeyring } from "./pgp-signature.ts";
import type { SignedObject } from "./signed-object.ts";
import { isSeal, readSignedCommit, readSignedTag } from "./signed-object.ts";
import type { Verdict } from "./ssh-signature.ts";
import { checkSshSignature } from "./ssh-signature.ts";

/** What is deployed. */
export interface Revision {
  readonly commit: string;
  /** The annotated tag that was asked for, with the name of its ref. */
  readonly tag: { readonly oid: string; readonly name: string } | undefined;
}

export interface Objects {
  /** A raw commit or tag; throws when it is not there. */
  readonly read: (oid: string) => Promise<Uint8Array>;
  /** Whether a commit, and in `strict` all that led to it, was found well signed before. */
  readonly isKnown: (oid: string) => boolean;
  readonly signal: AbortSignal;
}

/** More commits than this without a seal are not checked one by one. */
const maxCommits = 20_000;

/** Why a revision is not signed as the policy asks, naming what is not; undefined when it is. */
export async function checkSignatures(
  revision: Revision,
  policy: IntegrityPolicy,
  objects: Objects,
): Promise<string | undefined> {
  const { tag, commit } = revision;
  if (tag !== undefined) {
    const refusal = await checkTag({ ...tag, commit }, policy, objects);
    if (refusal !== undefined || policy.mode === "head") return refusal;
  }
  return policy.mode === "head"
    ? checkCommit(commit, readSignedCommit(await objects.read(commit)), policy)
    : checkHistory(commit, policy, objects);
}

async function checkTag(
  { oid, name, commit }: { readonly oid: string; readonly name: string; readonly commit: string },
  policy: IntegrityPolicy,
  objects: Objects,
): Promise<string | undefined> {
  const signed = readSignedTag(await objects.read(oid));
  // A well signed tag may be given under another name, and a tag of a tag says nothing about the commit.
  if (signed.tag !== name) return `tag ${name}: it was made as ${signed.tag ?? "nothing"}; make it anew`;
  if (signed.object !== commit) {
    return `tag ${name}: it does not point at the commit ${commit.slice(0, 12)} itself; make it anew`;
  }
  const verdict = await checkSigned(signed, policy);
  return verdict.ok ? undefined : `tag ${name}: ${adviceOn(verdict.reason, policy)}`;
}

async function checkCommit(
  oid: string,
  signed: SignedObject,
  policy: IntegrityPolicy,
): Promise<string | undefined> {
  const verdict = await checkSigned(signed, policy);
  return verdict.ok ? undefined : `commit ${oid.slice(0, 12)}: ${adviceOn(verdict.reason, policy)}`;
}

function adviceOn(reason: string, { field, keys }: IntegrityPolicy): string {
  const named = keys.slice(0, 3).join(", ") + (keys.length > 3 ? ", …" : "");
  return `${reason}; ${field} of the project wants a signature of ${named === "" ? "a key, and names none" : named}`;
}

/** All commits that led to one, but not what lies before a seal. */
async function checkHistory(
  from: string,
  policy: IntegrityPolicy,
  { read, isKnown, signal }: Objects,
): Promise<string | undefined> {
  const seen = new Set([from]);
  const waiting = [from];
  for (let oid = waiting.pop(); oid !== undefined; oid = waiting.pop()) {
    throwIfAborted(signal);
    if (isKnown(oid)) continue;
    if (seen.size > maxCommits) {
      return `commit ${from.slice(0, 12)}: more than ${maxCommits} commits led to it; add a signed commit with the trailer "Argocd-gpg-seal: reason" that vouches for them`;
    }
    const signed = readSignedCommit(await read(oid));
    const refusal = await checkCommit(oid, signed, policy);
    if (refusal !== undefined) return refusal;
    const next = isSeal(signed) ? [] : signed.parents.filter((parent) => !seen.has(parent));
    for (const parent of next) seen.add(parent);
    waiting.push(...next);
  }
  return undefined;
}

async function checkSigned({ signature, payload }: SignedObject, policy: IntegrityPolicy): Promise<Verdict> {
  if (signature === undefined) return { ok: false, reason: "is not signed" };
  const isAllowed = (id: string): boolean => policy.keys.includes(id);
  if (!signature.includes("BEGIN SSH SIGNATURE")) {
    const keyring = await openPgpKeyring(policy.keyring);
    return keyring.check(signature, payload, isAllowed);
  }
  const verdict = checkSshSignature(signature, payload);
  return verdict.ok && !isAllowed(verdict.key)
    ? { ok: false, reason: `is signed with the SSH key ${verdict.key}` }
    : verdict;
}
