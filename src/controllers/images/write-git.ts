import { createHash } from "node:crypto";
import { isMooringError, MooringError } from "#core/errors/index.ts";
import { fillTemplate } from "#core/images/index.ts";
import { isFlapping } from "#engine/images/write-guard.ts";
import { normalisePath } from "#core/source/index.ts";
import { describeImages, sayByTemplate, valuesOf } from "#engine/images/commit-message.ts";
import type { EditedPath } from "#engine/images/edit-files.ts";
import { editFiles, unnamedIn } from "#engine/images/edit-files.ts";
import { wantedOf } from "#engine/images/find-images.ts";
import type { WantedImages } from "#engine/images/wanted-images.ts";
import { nameOf } from "#engine/images/wanted-images.ts";
import { YamlCache } from "#engine/images/yaml-cache.ts";
import type { SourceTree } from "#ports/source-tree.ts";
import type { ImageDeps } from "./deps.ts";
import { proposalsOf, statusOf } from "./read-status.ts";
import type { GitPlace } from "./resolve-automation.ts";
import type { Member, MemberResult, Proposal, Written } from "./scan.ts";
import { wantsNothing } from "./scan.ts";

/** A member, or one image of it, that goes into a commit. */
interface Part {
  readonly member: Member;
  readonly wanted: WantedImages;
}

interface EditedPart extends Part {
  readonly changed: readonly EditedPath[];
  /** Names what it changes. */
  readonly change: string;
}

/** What became of one part: what is to be written of it, or why nothing is. */
type PartOutcome =
  | { readonly edited: EditedPart; readonly unnamed: readonly string[] }
  | { readonly settled: Written; readonly unnamed: readonly string[] };

/**
 * Writes what is new for all of these, which share where and as whom they write, as one commit; each image of one that wants a pull
 * request for each as its own. What fails for one does not stop the others.
 */
export async function writeGit(
  place: GitPlace,
  members: readonly Member[],
  deps: ImageDeps,
): Promise<ReadonlyMap<Member, MemberResult>> {
  const isEach = place.proposing?.proposal.grouping === "each";
  const batches = isEach
    ? members.flatMap((member) => member.scan.found.map((found) => [{ member, wanted: wantedOf([found]) }]))
    : [members.map((member) => ({ member, wanted: member.scan.wanted }))];
  const results = new Map<Member, MemberResult>();
  for (const batch of batches) {
    for (const [member, result] of await writeBatch(place, batch, deps)) {
      const known = results.get(member) ?? { written: [], unnamed: [] };
      results.set(member, {
        written: [...known.written, ...result.written],
        unnamed: [...known.unnamed, ...result.unnamed],
      });
    }
  }
  return results;
}

async function writeBatch(
  place: GitPlace,
  batch: readonly Part[],
  deps: ImageDeps,
): Promise<ReadonlyMap<Member, MemberResult>> {
  const parts = batch.filter(({ wanted }) => !wantsNothing(wanted));
  if (parts.length === 0) return new Map();
  let outcomes: ReadonlyMap<Part, PartOutcome> = new Map();
  let message = "";
  const to = targetBranch(place, parts);
  const whole = await attempt(deps, async () => {
    requireOwnBranch(place, to, deps);
    const committed = await deps.git.commit(place.access, {
      branch: place.git.branch,
      to,
      author: place.git.author,
      onlyOwn: { commits: parts.flatMap(({ member }) => statusOf(member.resolved.object).lastCommit ?? []) },
      signingKey: place.signingKey,
      change: async (tree, signal) => {
        const cache = new YamlCache(tree, signal);
        outcomes = await editParts(parts, { place, cache, tree, signal });
        const edited = editedOf(outcomes);
        if (edited.length === 0) return undefined;
        message = messageOf(edited, place);
        return { files: cache.changed, message };
      },
      signal: deps.signal,
    });
    if (committed === undefined) return { kind: "current" } as const;
    const changes = editedOf(outcomes).map(({ change }) => change);
    const proposal = await propose({ place, to, change: nameOfAll(changes), message, parts }, deps);
    const isOnBranch = to === undefined || to === place.git.branch;
    return { kind: "committed", ...committed, isOnBranch, proposal } as const;
  });
  return new Map(parts.map((part) => [part.member, resultOf(outcomes.get(part), whole)]));
}

type Whole =
  | { readonly kind: "current" }
  | { readonly kind: "failed"; readonly error: unknown }
  | {
      readonly kind: "committed";
      readonly commit: string;
      readonly isNew: boolean;
      readonly isOnBranch: boolean;
      readonly proposal: Proposal | undefined;
    };

async function attempt(
  { signal }: ImageDeps,
  work: () => Promise<Exclude<Whole, { readonly kind: "failed" }>>,
): Promise<Whole> {
  try {
    return await work();
  } catch (error) {
    if (signal.aborted) throw error;
    return { kind: "failed", error };
  }
}

function resultOf(outcome: PartOutcome | undefined, whole: Whole): MemberResult {
  if (outcome === undefined) {
    const written = whole.kind === "failed" ? whole : ({ kind: "current" } as const);
    return { written: [written], unnamed: [] };
  }
  const { unnamed } = outcome;
  if ("settled" in outcome) return { written: [outcome.settled], unnamed };
  if (whole.kind !== "committed") return { written: [whole], unnamed };
  const { commit, isNew, isOnBranch, proposal } = whole;
  const { change } = outcome.edited;
  return {
    written: [{ kind: "written", commit, isNew, isOnBranch, proposal, change }],
    unnamed,
  };
}

function editedOf(outcomes: ReadonlyMap<Part, PartOutcome>): readonly EditedPart[] {
  return [...outcomes.values()].flatMap((outcome) => ("edited" in outcome ? [outcome.edited] : []));
}

interface Editing {
  readonly place: GitPlace;
  readonly cache: YamlCache;
  readonly tree: SourceTree;
  readonly signal: AbortSignal;
}

/** One after the other, each on what those before it made of the files. */
async function editParts(parts: readonly Part[], editing: Editing): Promise<ReadonlyMap<Part, PartOutcome>> {
  const outcomes = new Map<Part, PartOutcome>();
  for (const part of parts) outcomes.set(part, await editPart(part, editing));
  return outcomes;
}

async function editPart(part: Part, { cache, signal }: Editing): Promise<PartOutcome> {
  const { member, wanted } = part;
  const { place } = member.resolved;
  const { paths } = place?.git ?? { paths: [] };
  try {
    const below = (paths.length === 0 ? ["."] : paths).map((path) => normalisePath(path));
    const files = await editFiles(
      below.map((path) => cache.walk(path)),
      wanted,
    );
    const unnamed = unnamedIn(wanted, files);
    const changed = files.filter(({ edits }) => edits.length > 0);
    if (changed.length === 0) return { settled: { kind: "current" }, unnamed };
    const change = nameChange(changed);
    if (isFlapping(member.guard, change)) return { settled: { kind: "flapping", change }, unnamed };
    cache.change(changed);
    return { edited: { ...part, changed, change }, unnamed };
  } catch (error) {
    // A mistake in what one automation names is its own; a repository that cannot be read is everybody's.
    if (signal.aborted || !isMooringError(error) || error.code.startsWith("GIT_")) throw error;
    return { settled: { kind: "failed", error }, unnamed: [] };
  }
}

/** Without lines, which move. */
function nameChange(changed: readonly EditedPath[]): string {
  return nameOfAll(
    changed.flatMap(({ path, edits }) =>
      edits.map(({ before, after }) => JSON.stringify([path, before, after])),
    ),
  );
}

function nameOfAll(changes: readonly string[]): string {
  return createHash("sha256").update(changes.join("\n")).digest("hex").slice(0, 32);
}

/** What the automations say by templates, each once, and what is to be said of the others. */
function messageOf(edited: readonly EditedPart[], { git }: GitPlace): string {
  const changedOf = ({ wanted, changed }: EditedPart): WantedImages => ({
    images: wanted.images.filter((image) => changed.some(({ named }) => named.has(nameOf(image)))),
    policies: new Map(
      [...wanted.policies].filter(([policy]) => changed.some(({ named }) => named.has(policy))),
    ),
  });
  if (git.message !== undefined) {
    const { message } = git;
    const said = edited.map((part) =>
      sayByTemplate(message, {
        automation: part.member.resolved.automation,
        wanted: changedOf(part),
        changed: part.changed,
      }),
    );
    return [...new Set(said)].join("\n\n").slice(0, 16_384);
  }
  const all = edited.map((part) => changedOf(part));
  const wanted = {
    images: all.flatMap(({ images }) => images),
    policies: new Map(all.flatMap(({ policies }) => [...policies])),
  };
  return describeImages(
    wanted,
    edited.flatMap(({ changed }) => changed),
  );
}

/** The branch that gets the commit; what no branch may be named with becomes a dash. */
function targetBranch({ git, proposing }: GitPlace, [part]: readonly Part[]): string | undefined {
  if (proposing === undefined || part === undefined) return git.pushBranch;
  const { automation } = part.member.resolved;
  const filled = fillTemplate(
    proposing.proposal.branch,
    valuesOf({ automation, wanted: part.wanted, changed: [] }),
  );
  return filled
    .replaceAll(/[^A-Za-z0-9._/-]+/gu, "-")
    .replaceAll(/\.{2,}/gu, ".")
    .slice(0, 200);
}

/** A branch that is led anew belongs to nobody else. Throws CONFIG_INVALID and POLICY_FORBIDDEN. */
function requireOwnBranch(
  { git, proposing }: GitPlace,
  to: string | undefined,
  { stageOfBranch }: ImageDeps,
): void {
  if (to === undefined) return;
  const field = proposing === undefined ? "spec.git.pushBranch" : "spec.git.proposal.branch";
  if (to === git.branch) {
    if (proposing === undefined) return;
    throw new MooringError(
      "CONFIG_INVALID",
      `${field}: is ${to}, the branch of spec.git.branch, which would get the commits without a pull request; name another one, such as bump/{{ .Automation }}`,
    );
  }
  const stage = stageOfBranch(git.repoUrl, to);
  if (stage === undefined) return;
  throw new MooringError(
    "POLICY_FORBIDDEN",
    `${field}: ${to} is the branch of ${stage}, which would be led away from what was promoted to it; name another one, such as bump/{{ .Automation }}`,
  );
}

interface Proposing {
  readonly place: GitPlace;
  readonly to: string | undefined;
  readonly change: string;
  readonly message: string;
  readonly parts: readonly Part[];
}

/** Asks for a change to be merged, unless that was asked before: what people closed stays closed. */
async function propose(
  { place, to, change, message, parts }: Proposing,
  { connectForge }: ImageDeps,
): Promise<Proposal | undefined> {
  const [part] = parts;
  if (place.proposing === undefined || to === undefined || part === undefined) return undefined;
  const { proposal, settings, repository } = place.proposing;
  const { automation, object } = part.member.resolved;
  const known = proposalsOf(object).find((one) => one.branch === to && one.change === change);
  if (known !== undefined) return known;
  const [first = "", ...rest] = message.trim().split("\n");
  const title =
    proposal.title === undefined
      ? first
      : fillTemplate(proposal.title, valuesOf({ automation, wanted: part.wanted, changed: [] })).replaceAll(
          /\s+/gu,
          " ",
        );
  const body = rest.join("\n").trim();
  const { url } = await connectForge(settings).propose({
    repository,
    from: to,
    into: place.git.branch,
    title: title.slice(0, 250),
    body,
  });
  return { branch: to, change, url };
}
