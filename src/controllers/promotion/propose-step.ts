import { isMooringError, MooringError } from "#core/errors/index.ts";
import type { Promotion } from "#core/promotion/index.ts";
import { shortCommit, whyNotWritten } from "#core/promotion/index.ts";
import { openForge } from "./open-forge.ts";
import type { OpenForge } from "./open-forge.ts";
import { promotionsOf } from "./pass.ts";
import type { Step, Stepped } from "./step.ts";
import { end, retryMs, wait } from "./step.ts";
import { brokenRelease } from "./release.ts";
import { stopsOf } from "./stopped.ts";
import { writePromotion } from "./write-promotion.ts";

/** Asks for the prepared commit to be merged; the same promotion changes what it asked for before. */
export async function propose(step: Step): Promise<Promotion> {
  const { promotion, view, pass } = step;
  const { pullRequest } = view.stage.write;
  const { commit = "", base } = promotion.status;
  if (pullRequest === undefined || promotion.spec.cause === "Git" || commit === base) return promotion;
  const branch = branchOf(step);
  const tip = pass.tipsOf(view.stage.repoUrl).get(branch);
  if (tip === commit && promotion.status.proposal !== undefined) return promotion;
  const { forge, repository } = await requireForge(step);
  if (tip !== commit) {
    await refuseForeign(step, { branch, tip, commit });
    const push = { branch, expected: tip, to: commit, force: true, signal: pass.signal };
    await pass.deps.branches.push(view.place.access, push);
    pass.deps.noticeNews(view.stage.repoUrl);
  }
  const { number, url } = await forge.propose({
    repository,
    from: branch,
    into: view.stage.branch,
    title: titleOf(step),
    body: bodyOf(step),
    labels: pullRequest.labels ?? [],
  });
  return await writePromotion(promotion, { proposal: { number, url } }, pass);
}

interface Overwritten {
  readonly branch: string;
  readonly tip: string | undefined;
  readonly commit: string;
}

/** The branch of a proposal may lose what was proposed before, and nothing that others pushed. Throws CONFIG_INVALID. */
async function refuseForeign(step: Step, { branch, tip, commit }: Overwritten): Promise<void> {
  const { promotion, view, pass } = step;
  const { signal } = pass;
  if (tip === undefined) return;
  const promotions = promotionsOf(pass, promotion.spec.stage);
  if (promotions.some(({ spec, status }) => spec.revision === tip || status.commit === tip)) return;
  const { branches, contents } = pass.deps;
  if (await branches.isAncestor(view.place.access, { ancestor: tip, descendant: commit, signal })) return;
  const found = await contents.commitAt(view.place, { commit: tip, signal });
  if (found?.trailers.some(([key]) => key === "Mooring-Promotion") === true) return;
  const { namespace, name } = pass.pipeline;
  throw new MooringError(
    "CONFIG_INVALID",
    `Pipeline/${namespace}/${name}: stage ${view.stage.name}: write.pullRequest.branch is ${branch}, which is at ${shortCommit(tip)}, a commit of somebody else that would be lost; name another branch, or delete that one`,
  );
}

async function requireForge({ view, pass }: Step): Promise<OpenForge> {
  const open = await openForge(view.stage, pass);
  // A stage that proposes without a forge was refused with its Pipeline.
  if (open === undefined) throw new Error(`stage ${view.stage.name} has no forge`);
  return open;
}

function branchOf({ view, pass }: Step): string {
  return view.stage.write.pullRequest?.branch ?? `mooring/${pass.pipeline.name}/${view.stage.name}`;
}

function titleOf({ promotion, view, pass }: Step): string {
  const { title = "Promote $pipeline to $stage: $revision" } = view.stage.write.pullRequest ?? {};
  return title
    .replaceAll("$pipeline", pass.pipeline.name)
    .replaceAll("$stage", view.stage.name)
    .replaceAll("$revision", shortCommit(promotion.spec.revision))
    .slice(0, 250);
}

function bodyOf({ promotion }: Step): string {
  const { commits = [], plan } = promotion.status;
  const listed = commits.map(({ commit, subject = "" }) => `- ${shortCommit(commit)} ${subject}`);
  const planned = (plan?.applications ?? []).map(
    ({ name, summary, problem }) => `- ${name}: ${summary ?? problem ?? ""}`,
  );
  return [`Promotion ${promotion.name}.`, "", ...listed, "", "It would change:", "", ...planned].join("\n");
}

/** Has the forge merge what was proposed, or waits for people who do; what branch protection asks for is waited for. */
export async function mergeStep(step: Step, written: (step: Step) => Promise<Stepped>): Promise<Stepped> {
  const { promotion, view, pass } = step;
  const { proposal, commit = "" } = promotion.status;
  const { forge, repository } = await requireForge(step);
  if (proposal === undefined) return await again(step, "it has not been proposed yet");
  const request = { repository, number: proposal.number };
  const found = await forge.readProposal(request);
  if (found.state === "merged") return await mergedAs(step, found.mergeCommit, written);
  if (found.state === "closed")
    return await end(step, "Refused", `${proposal.url} was closed by people and not merged`);
  if (found.head !== commit) return await again(step, `${proposal.url} is at ${shortCommit(found.head)} now`);
  const broken = brokenRelease(promotion, pass);
  if (broken !== undefined) return await end(step, "Failed", broken);
  const isForPeople = view.stage.write.pullRequest?.merge === "people";
  const why = whyNotWritten(stopsOf(step));
  if (why !== undefined || isForPeople) {
    const message =
      why === undefined
        ? `waits for somebody to merge ${proposal.url}`
        : `${proposal.url} is not to be merged yet: ${why}`;
    return { promotion: await proposed(step, message), againMs: pass.pipeline.intervalMs };
  }
  try {
    const merged = await forge.mergeProposal(request, { expectedHead: commit, method: "merge" });
    return await mergedAs(step, merged.commit, written);
  } catch (error) {
    if (isMooringError(error, "FORGE_HEAD_MOVED")) return await again(step, error.message);
    if (!isMooringError(error, "FORGE_MERGE_REFUSED")) throw error;
    return { promotion: await proposed(step, `cannot be merged yet: ${error.message}`), againMs: retryMs };
  }
}

async function proposed({ promotion, pass }: Step, message: string): Promise<Promotion> {
  return await writePromotion(promotion, { phase: "Proposed", message }, pass);
}

async function again({ promotion, pass }: Step, why: string): Promise<Stepped> {
  const message = `${why}; it is prepared anew`;
  return { promotion: await writePromotion(promotion, { phase: "Pending", message }, pass), againMs: 0 };
}

/** A merge by the forge is a commit of its own, with the content that was approved: only then it is what was asked for. */
async function mergedAs(
  step: Step,
  commit: string | undefined,
  written: (step: Step) => Promise<Stepped>,
): Promise<Stepped> {
  const { promotion, view, pass } = step;
  const tips = await pass.deps.branches.readTips(view.place.access, { maxAgeMs: 0, signal: pass.signal });
  const tip = commit ?? tips.get(view.stage.branch);
  if (tip === undefined) return await wait(step, `waits for branch ${view.stage.branch} to show it`, retryMs);
  const trees = [
    await pass.deps.contents.treeAt(view.place, { commit: tip, signal: pass.signal }),
    await pass.deps.contents.treeAt(view.place, {
      commit: promotion.status.commit ?? "",
      signal: pass.signal,
    }),
  ];
  if (trees[0] !== trees[1]) {
    const message = `${promotion.status.proposal?.url ?? "it"} was merged as ${shortCommit(tip)}, which is not what was approved`;
    return await end(step, "Refused", message);
  }
  const told = await writePromotion(promotion, { commit: tip }, pass);
  return await written({ ...step, promotion: told });
}
