import { MooringError } from "#core/errors/index.ts";
import type { SourceReference } from "#core/hub/index.ts";
import { referToSource } from "#core/hub/index.ts";
import { checkSource } from "#core/project/index.ts";
import type { AppContext } from "#engine/app-context.ts";
import { openSource, resolveRevision } from "#engine/open-source.ts";
import { integrityPoliciesOf } from "#engine/require-signatures.ts";
import { projectAccess } from "#engine/source-fetcher.ts";
import type { DescribedCommit, SourceRevision } from "#ports/live-view.ts";
import type { SourceTree } from "#ports/source-tree.ts";
import type { SourceAdapters } from "./refresh-desired.ts";
import { accessFor } from "./refresh-desired.ts";

/** Revisions that were resolved before are what is asked for: any earlier answer will do. */
const maxAgeMs = 60_000;

/** A source that may be of the past: what the project does not permit any more is not read. Throws APP_INVALID and GIT_INVALID. */
function referTo({ source }: SourceRevision, { project, repositories }: AppContext): SourceReference {
  const denial = checkSource(project, source.repoURL);
  if (denial !== undefined) throw new MooringError("APP_INVALID", denial.message);
  return referToSource(source, project, repositories);
}

/** Who wrote a commit and when, and whether it is signed where the project asks for that. */
export async function describeCommit(
  context: AppContext,
  wanted: SourceRevision,
  adapters: SourceAdapters,
): Promise<DescribedCommit> {
  const reference = referTo(wanted, context);
  const { revision, signal } = wanted;
  if (reference.kind !== "git") {
    throw new MooringError(
      "API_INVALID_ARGUMENT",
      `${reference.url}: is no Git repository, and its revisions are no commits; ask for the details of the chart or artifact`,
    );
  }
  const access = accessFor(context, adapters, { maxAgeMs, signal });
  const commit = await resolveRevision(reference, revision, access);
  const described = await adapters.git.readCommit(reference.access, commit, signal);
  const [policy] = integrityPoliciesOf({ ...context, sources: [reference] });
  if (policy === undefined) return { ...described, signature: undefined };
  const refusal = await adapters.git.checkSignatures(
    reference.access,
    { commit, targetRevision: commit, tagPrefix: "" },
    { policy, signal },
  );
  return {
    ...described,
    signature: refusal ?? `commit ${commit.slice(0, 12)}: is signed as ${policy.field} asks`,
  };
}

/** What an OCI artifact says of itself. */
export async function describeArtifact(
  context: AppContext,
  wanted: SourceRevision,
  adapters: SourceAdapters,
): Promise<Readonly<Record<string, string>>> {
  const reference = referTo(wanted, context);
  if (reference.kind !== "artifact") {
    throw new MooringError(
      "API_INVALID_ARGUMENT",
      `${reference.url}: is no OCI artifact; ask for the metadata of its revision, or the details of the chart`,
    );
  }
  const { revision, signal } = wanted;
  const reach = accessFor(context, adapters, { maxAgeMs, signal });
  const digest = await resolveRevision(reference, revision, reach);
  const { project, repositories } = context;
  const access = projectAccess(project, repositories, { passCredentials: false }).chart(reference.url);
  return adapters.registry.readAnnotations(access, digest, signal);
}

/** The files of a source. */
export async function openRevision(
  context: AppContext,
  wanted: SourceRevision,
  adapters: SourceAdapters,
): Promise<SourceTree> {
  const reference = referTo(wanted, context);
  const access = accessFor(context, adapters, { maxAgeMs, signal: wanted.signal });
  return openSource(reference, await resolveRevision(reference, wanted.revision, access), access);
}
