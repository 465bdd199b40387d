import { isMooringError, stackOf } from "#core/errors/index.ts";
import { fillTemplate } from "#core/images/index.ts";
import { currentGuard } from "#engine/images/write-guard.ts";
import type { KubeObject } from "#core/object/index.ts";
import { canonicalJson } from "#core/object/index.ts";
import type { ImageDeps } from "./deps.ts";
import { askedOf, statusOf } from "./read-status.ts";
import { record } from "./record.ts";
import type { ResolvedAutomation } from "./resolve-automation.ts";
import { resolveAutomation } from "./resolve-automation.ts";
import type { Member, MemberResult } from "./scan.ts";
import { scanImages } from "./scan.ts";
import { failureVerdict, reportRound, reportVerdict } from "./status.ts";
import { writeApplication } from "./write-application.ts";
import { writeGit } from "./write-git.ts";

/** An automation whose turn it is. */
export interface Due {
  readonly object: KubeObject;
  /** Somebody waits for it: what registries said before does not do. */
  readonly isAsked: boolean;
}

/** Automations that write to the same place as the same author. */
export interface Group {
  readonly key: string;
  readonly members: readonly (ResolvedAutomation & { readonly isAsked: boolean })[];
}

/** When each is looked at again, by its key. */
export type NoteNext = (object: KubeObject, nextMs: number) => void;

/** What a failed one waits before it is looked at again, whatever its interval, of which nothing may be known. */
const failedMs = 60_000;

/** Puts those together that can be written together; the status of one that cannot be understood says why. */
export async function groupDue(
  due: readonly Due[],
  deps: ImageDeps,
  note: NoteNext,
): Promise<readonly Group[]> {
  const resolved: (ResolvedAutomation & { readonly isAsked: boolean })[] = [];
  for (const { object, isAsked } of due) {
    try {
      resolved.push({ ...(await resolveAutomation(object, deps)), isAsked });
    } catch (error) {
      if (deps.signal.aborted) throw error;
      if (!isMooringError(error)) reportBug(deps, object, error);
      const nowMs = deps.clock.now();
      const nextMs = nowMs + failedMs;
      note(object, nextMs);
      await record(
        object,
        reportVerdict(object, failureVerdict(error, deps.redact), { nextMs, nowMs }),
        deps,
      );
    }
  }
  const groups = Map.groupBy(resolved, (each) => writeKeyOf(each));
  return [...groups].map(([key, members]) => ({ key, members }));
}

/** Who writes where, and with which credentials. */
function writeKeyOf({ automation, place }: ResolvedAutomation): string {
  const { project, namespace, name } = automation;
  if (place === undefined) return canonicalJson(["application", namespace, name]);
  const { git, access, proposing } = place;
  const { proposal } = proposing ?? {};
  const { branch, pushBranch = null, author, message = null, signingKeySecret = null } = git;
  const values = { Automation: name, Namespace: namespace, Image: "", Tag: "", Images: "", Changes: "" };
  return canonicalJson([
    project,
    access.url,
    branch,
    pushBranch,
    { ...author },
    message,
    signingKeySecret === null ? null : [namespace, signingKeySecret],
    proposal === undefined
      ? null
      : [
          namespace,
          fillTemplate(proposal.branch, values),
          { ...proposal, repository: proposal.repository ?? null, title: proposal.title ?? null },
        ],
  ]);
}

/** Looks at the images of a group and writes what is new, and what became of it into each status. */
export async function runGroup({ members }: Group, deps: ImageDeps, note: NoteNext): Promise<void> {
  const roundMs = deps.clock.now();
  const scanned = await Promise.all(
    members.map(async (each) => await scanMember(each, { isAsked: each.isAsked, roundMs }, deps)),
  );
  const results = await writeAll(scanned, deps);
  const nowMs = deps.clock.now();
  for (const member of scanned) {
    const nextMs = nextOf(member, nowMs, deps);
    const { object } = member.resolved;
    const result = results.get(member) ?? { written: [], unnamed: [] };
    note(object, nextMs);
    for (const one of result.written) {
      if (one.kind === "failed" && !isMooringError(one.error)) reportBug(deps, object, one.error);
    }
    await record(object, reportRound({ member, result, nextMs, nowMs, redact: deps.redact }), deps);
  }
}

async function scanMember(
  resolved: ResolvedAutomation,
  asked: { readonly isAsked: boolean; readonly roundMs: number },
  deps: ImageDeps,
): Promise<Member> {
  const { object } = resolved;
  const scan = await scanImages(resolved, asked, deps);
  const nowMs = deps.clock.now();
  const { generation, resumed } = askedOf(object);
  return {
    resolved,
    scan,
    scannedMs: nowMs,
    guard: currentGuard(statusOf(object).guard, { generation, resumed }, nowMs),
  };
}

async function writeAll(
  members: readonly Member[],
  deps: ImageDeps,
): Promise<ReadonlyMap<Member, MemberResult>> {
  const results = new Map<Member, MemberResult>();
  const writing: Member[] = [];
  for (const member of members) {
    const may = deps.mayWrite(member.resolved.automation);
    if (member.guard.stopped) results.set(member, { written: [], unnamed: [] });
    else if (may.allowed) writing.push(member);
    else results.set(member, { written: [{ kind: "held", reason: may.reason }], unnamed: [] });
  }
  const [first] = writing;
  if (first === undefined) return results;
  const { place, automation } = first.resolved;
  if (place !== undefined) return new Map([...results, ...(await writeGit(place, writing, deps))]);
  if (automation.target.kind !== "application" || first.scan.found.length === 0) return results;
  return results.set(first, {
    written: [await toApplication(first, automation.target.name, deps)],
    unnamed: [],
  });
}

async function toApplication(
  member: Member,
  name: string,
  deps: ImageDeps,
): Promise<MemberResult["written"][number]> {
  try {
    return await writeApplication(member, name, deps);
  } catch (error) {
    if (deps.signal.aborted) throw error;
    return { kind: "failed", error };
  }
}

/** After its interval, a little sooner so that not all ask at one moment, and not before a registry is to be asked again. */
function nextOf({ resolved, scan }: Member, nowMs: number, { random }: ImageDeps): number {
  const { intervalMs } = resolved.automation;
  const waits = [...scan.failures.values()].map((error) =>
    isMooringError(error) ? (error.retryAfterMs ?? 0) : 0,
  );
  const waitMs = Math.round(intervalMs * (1 - 0.05 * random()));
  return nowMs + Math.max(waitMs, ...waits);
}

function reportBug({ log }: ImageDeps, { metadata }: KubeObject, error: unknown): void {
  const automation = `${metadata.namespace ?? ""}/${metadata.name ?? ""}`;
  log.error("an ImageAutomation met a bug", { automation, error: stackOf(error) });
}
