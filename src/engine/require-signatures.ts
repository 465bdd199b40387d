import { formatAppKey } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { AppReferences } from "#core/hub/index.ts";
import type { IntegrityPolicy } from "#core/integrity/index.ts";
import { integrityPolicyOf } from "#core/integrity/index.ts";
import type { SourceReach } from "./open-source.ts";

/** How the commits of each source must be signed; undefined for a source whose need not be. */
export function integrityPoliciesOf({
  project,
  sources,
  signingKeys,
}: Pick<AppReferences, "project" | "sources" | "signingKeys">): readonly (IntegrityPolicy | undefined)[] {
  return sources.map(({ kind, source }) =>
    kind === "git" ? integrityPolicyOf(project, source.repoURL, signingKeys) : undefined,
  );
}

export interface SignatureReach extends Pick<SourceReach, "git" | "signal"> {
  /** What was asked for in place of target revisions, by source; an empty one leaves its source's. */
  readonly asked?: readonly string[] | undefined;
}

const commitId = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/iu;

/**
 * Throws GIT_UNVERIFIED when a commit is not signed as its project asks, before anything of it is read: an annotated tag that was asked
 * for must be signed itself. Charts and artifacts are not meant: a project's rules are for Git.
 */
export async function requireSignatures(
  references: AppReferences,
  revisions: readonly string[],
  { git, asked = [], signal }: SignatureReach,
): Promise<void> {
  const { sources, key } = references;
  for (const [i, policy] of integrityPoliciesOf(references).entries()) {
    const reference = sources[i];
    if (policy === undefined || reference?.kind !== "git") continue;
    const { source, access } = reference;
    const { targetRevision = "", tagPrefix = "" } = source;
    const named = asked[i] ?? "";
    // An automated sync asks for the commit that the target revision led to.
    const isNamed = named !== "" && !commitId.test(named);
    const revision = {
      commit: revisions[i] ?? "",
      targetRevision: isNamed ? named : targetRevision,
      tagPrefix,
    };
    const refusal = await git.checkSignatures(access, revision, { policy, signal });
    if (refusal !== undefined) throw new MooringError("GIT_UNVERIFIED", refusal, { key: formatAppKey(key) });
  }
}
