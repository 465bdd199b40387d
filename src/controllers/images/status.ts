import { isMooringError, messageOf } from "#core/errors/index.ts";
import type { AutomatedImage } from "#core/images/index.ts";
import { formatImage, imageKey } from "#core/images/index.ts";
import type { WriteGuard } from "#engine/images/write-guard.ts";
import { withWrite } from "#engine/images/write-guard.ts";
import { formatTime } from "#runtime/clock.ts";
import type { ImageAutomationStatus } from "./read-status.ts";
import { askedOf, statusOf } from "./read-status.ts";
import type { Member, MemberResult, Proposal, Written } from "./scan.ts";

/** What the condition Ready says. */
export interface Verdict {
  readonly isReady: boolean;
  readonly reason: string;
  readonly message: string;
}

interface Reported {
  readonly status: ImageAutomationStatus;
  readonly verdict: Verdict;
}

interface Report {
  readonly member: Member;
  readonly result: MemberResult;
  readonly nextMs: number;
  readonly nowMs: number;
  /** Removes credentials from a text that other programs had a part in. */
  readonly redact: (text: string) => string;
}

type Condition = NonNullable<ImageAutomationStatus["conditions"]>[number];

const maxMessage = 4_096;
const maxProposals = 100;

/** The status of an automation whose images were looked at. */
export function reportRound({ member, result, nextMs, nowMs, redact }: Report): Reported {
  const { object, automation } = member.resolved;
  const before = statusOf(object);
  const asked = askedOf(object);
  const news = result.written.filter((one) => one.kind === "written");
  const [latest] = news.filter(({ isNew }) => isNew).toReversed();
  const guard = guardAfter(member.guard, result.written, nowMs);
  const images = automation.images.map((image) => imageStatus(image, { member, result, redact }));
  const verdict = verdictOf(images, { result, redact, guard });
  const proposals = mergeProposals(before.proposals ?? [], news);
  const commit = latest?.commit === "" ? undefined : latest?.commit;
  const now = formatTime(nowMs);
  const status: ImageAutomationStatus = {
    observedGeneration: asked.generation,
    conditions: conditionsOf(before, verdict, { guard, generation: asked.generation, now }),
    images,
    imageCount: images.length,
    ...(commit === undefined ? lastCommitOf(before) : { lastCommit: commit, lastCommitTime: now }),
    ...(proposals.length === 0 ? {} : { proposals }),
    lastScan: formatTime(member.scannedMs),
    nextScan: formatTime(nextMs),
    ...(asked.scan === "" ? {} : { scanned: asked.scan }),
    guard,
  };
  return { status, verdict };
}

/** The status of one that could not be looked at, or is not to be. */
export function reportVerdict(
  object: Member["resolved"]["object"],
  verdict: Verdict,
  { nextMs, nowMs }: { readonly nextMs: number | undefined; readonly nowMs: number },
): Reported {
  const { nextScan: _next, ...before } = statusOf(object);
  const { generation, scan, resumed } = askedOf(object);
  const now = formatTime(nowMs);
  const status: ImageAutomationStatus = {
    ...before,
    observedGeneration: generation,
    conditions: conditionsOf(before, verdict, { guard: undefined, generation, now }),
    ...(nextMs === undefined ? {} : { nextScan: formatTime(nextMs) }),
    ...(scan === "" ? {} : { scanned: scan }),
    guard: { ...before.guard, generation, resumed },
  };
  return { status, verdict };
}

/** What went wrong as a whole. */
export function failureVerdict(error: unknown, redact: (text: string) => string): Verdict {
  const isOfSpec =
    isMooringError(error) && ["CONFIG_INVALID", "CONFIG_NOT_FOUND", "POLICY_FORBIDDEN"].includes(error.code);
  return { isReady: false, reason: isOfSpec ? "Invalid" : "WriteFailed", message: redact(messageOf(error)) };
}

interface ImageReport {
  readonly member: Member;
  readonly result: MemberResult;
  readonly redact: (text: string) => string;
}

type ImageStatus = NonNullable<ImageAutomationStatus["images"]>[number];

function imageStatus(entry: AutomatedImage, { member, result, redact }: ImageReport): ImageStatus {
  const { scan, resolved, scannedMs } = member;
  const named = { image: entry.name, ...(entry.policy === undefined ? {} : { policy: entry.policy }) };
  const image = scan.found.find((one) => one.entry === entry)?.image;
  if (image === undefined) {
    const known = statusOf(resolved.object).images?.find(
      (one) => one.image === entry.name && one.policy === entry.policy,
    );
    const kept = known ?? named;
    const error = [...scan.failures].find(([name]) => imageKey(name) === imageKey(entry.name))?.[1];
    return { ...kept, problem: redact(messageOf(error)).slice(0, maxMessage) };
  }
  const unnamed = entry.policy === undefined ? `image ${entry.name}` : `policy ${entry.policy}`;
  const isUnnamed = result.unnamed.includes(unnamed);
  return {
    ...named,
    ...(image.tag === undefined ? {} : { tag: image.tag }),
    ...(image.digest === undefined ? {} : { digest: image.digest }),
    lastScan: formatTime(scannedMs),
    ...(isUnnamed ? { problem: `${unnamed}: no file names it; check spec.git.paths` } : {}),
  };
}

function guardAfter(
  guard: Required<WriteGuard>,
  written: readonly Written[],
  nowMs: number,
): Required<WriteGuard> {
  const after = written.reduce((known, one) => {
    const counts = one.kind === "written" && one.isNew && one.isOnBranch;
    return counts
      ? withWrite(known, { change: one.change, commit: one.commit, time: formatTime(nowMs) })
      : known;
  }, guard);
  return { ...after, stopped: after.stopped || written.some(({ kind }) => kind === "flapping") };
}

interface Judging {
  readonly result: MemberResult;
  readonly redact: (text: string) => string;
  readonly guard: Required<WriteGuard>;
}

function verdictOf(images: readonly ImageStatus[], { result, redact, guard }: Judging): Verdict {
  const { written } = result;
  const failed = written.find((one) => one.kind === "failed");
  if (failed !== undefined) return failureVerdict(failed.error, redact);
  if (guard.stopped) return { isReady: false, reason: "Flapping", message: flappingMessage };
  const held = written.find((one) => one.kind === "held");
  if (held !== undefined) return { isReady: false, reason: "Held", message: held.reason };
  const problems = images.flatMap(({ problem }) => problem ?? []);
  const [problem] = problems;
  if (problem !== undefined) {
    const more = problems.length === 1 ? "" : ` (and ${problems.length - 1} more, see status.images)`;
    return { isReady: false, reason: "ImagesFailed", message: `${problem}${more}` };
  }
  const news = written.filter((one) => one.kind === "written");
  const [proposal] = news.flatMap((one) => one.proposal ?? []);
  if (proposal !== undefined)
    return { isReady: true, reason: "Proposed", message: `asked for at ${proposal.url}` };
  const shown = images.map(({ image, tag, digest }) =>
    formatImage({ name: image, ...(tag && { tag }), ...(digest && { digest }) }),
  );
  const what = shown.length === 1 ? (shown[0] ?? "") : `${shown.length} images`;
  if (news.some(({ isNew }) => isNew)) return { isReady: true, reason: "Written", message: `wrote ${what}` };
  return { isReady: true, reason: "UpToDate", message: `${what}: written everywhere` };
}

const flappingMessage =
  "somebody takes back what is written: the same change was written three times within an hour; find out who, then change the spec, or set the annotation mooring.dev/resume to another value";

interface Conditions {
  readonly guard: Required<WriteGuard> | undefined;
  readonly generation: number;
  readonly now: string;
}

function conditionsOf(
  before: ImageAutomationStatus,
  { isReady, reason, message }: Verdict,
  { guard, generation, now }: Conditions,
): readonly Condition[] {
  const isStopped = guard?.stopped ?? before.guard?.stopped ?? false;
  const said = [
    { type: "Ready", status: isReady ? "True" : "False", reason, message: message.slice(0, maxMessage) },
    ...(isStopped
      ? [{ type: "Flapping", status: "True", reason: "TakenBack", message: flappingMessage }]
      : []),
  ];
  return said.map((condition) => {
    const known = before.conditions?.find(({ type }) => type === condition.type);
    const isSame = known?.status === condition.status;
    return {
      ...condition,
      observedGeneration: generation,
      lastTransitionTime: isSame ? known.lastTransitionTime : now,
    };
  });
}

function lastCommitOf({ lastCommit, lastCommitTime }: ImageAutomationStatus) {
  return {
    ...(lastCommit === undefined ? {} : { lastCommit }),
    ...(lastCommitTime === undefined ? {} : { lastCommitTime }),
  };
}

function mergeProposals(
  before: readonly Proposal[],
  written: readonly Extract<Written, { readonly kind: "written" }>[],
): readonly Proposal[] {
  const news = written.flatMap(({ proposal }) => proposal ?? []);
  const kept = before.filter(({ branch }) => !news.some((one) => one.branch === branch));
  return [...kept, ...news].slice(-maxProposals);
}
