import { formatCount, formatMoment, formatRevision } from "../../lib/format.ts";
import type { GateState } from "../../lib/shared.ts";
import { sayTimes, shortenRevisions, withoutClausesToType } from "../application/header/phrases.ts";
import type { Promotion, Stage } from "./pipeline.ts";
import { hasEnded } from "./pipeline.ts";

/** What the controller says, without what one would type: the page has buttons for that. */
export function proseOf(message: string, nowMs: number): string {
  const said = sayTimes(shortenRevisions(withoutClausesToType(message)), nowMs);
  return said.replaceAll(/until (\d{4}-\d\d-\d\dT[\d:.]+Z)/gu, (all, time: string) => {
    const moment = formatMoment(time, nowMs);
    return moment === "" ? all : `until ${moment}`;
  });
}

const byKind: Readonly<Record<string, string>> = {
  suspend: "waits, because the pipeline is suspended",
  freeze: "waits for the end of a freeze",
  hold: "waits for the end of a hold",
  health: "waits until the stages before are healthy with it",
  soak: "waits until it has been healthy for long enough",
  window: "waits for a time at which it may go on",
  commitStatus: "waits for what is said of its commit",
  webhook: "waits for another system to agree",
  prometheus: "waits for measurements",
  job: "waits for a job",
  release: "waits for the other promotions of its release",
};

/** How many have approved of how many, as its gate says it. */
function approvalsIn({ kind, message = "" }: GateState): { given: number; wanted: number } | undefined {
  const found = kind === "approvals" ? /^(\d+) of (\d+) approvals?\b/u.exec(message) : null;
  return found === null ? undefined : { given: Number(found[1]), wanted: Number(found[2]) };
}

function waitFor(gate: GateState): string {
  if (gate.kind !== "approvals") return byKind[gate.kind] ?? `waits for ${gate.name}`;
  const count = approvalsIn(gate);
  if (count === undefined) return "waits for approval";
  return `waits for ${count.wanted - count.given} of ${formatCount(count.wanted, "approval")}`;
}

export interface Doing {
  /** To be read after what it is about. */
  readonly text: string;
  readonly since: string | undefined;
  /** All that the controller says of it. */
  readonly message: string;
}

/** What a promotion does now, or how it ended. */
export function doingOf({ spec, status }: Promotion): Doing {
  const { phase = "Pending", message = "", startedAt, writtenAt, finishedAt, gates = [] } = status;
  const said = (text: string, since: string | undefined): Doing => ({ text, since, message });
  const waiting =
    status.breakGlass === undefined ? gates.find(({ state }) => state === "Waiting") : undefined;
  const since = startedAt ?? spec.requestedAt;
  switch (phase) {
    case "Pending":
      return said("is being prepared", since);
    case "Waiting":
      return waiting === undefined
        ? said("waits for its gates", since)
        : { text: waitFor(waiting), since: waiting.since ?? since, message: waiting.message ?? message };
    case "Writing":
      return said("is being written", since);
    case "Proposed":
      return said(`waits for pull request #${status.proposal?.number ?? "?"} to be merged`, since);
    case "Applying":
      return said("is being applied", writtenAt ?? since);
    case "Verifying":
      return said("is applied and being verified", writtenAt ?? since);
    case "Succeeded":
      return said("succeeded", finishedAt);
    case "Failed":
      return said("failed", finishedAt);
    case "Refused":
      return said("was refused", finishedAt);
    case "Superseded":
      return said("was overtaken", finishedAt);
    case "RolledBack":
      return said("was rolled back", finishedAt);
    default:
      return said(phase satisfies never, since);
  }
}

/** The promotion of a stage that is under way: that which the stage names, else the newest that has not ended. */
export function activeOf(stage: Stage, promotions: readonly Promotion[]): Promotion | undefined {
  const open = promotions.filter((each) => each.spec.stage === stage.name && !hasEnded(each));
  return open.find(({ name }) => name === stage.status.active) ?? open[0];
}

/** `+3 commits`, where it is known how many. */
export function formatCandidate({ commits, revision }: NonNullable<Stage["status"]["candidate"]>): string {
  return commits === undefined || commits === 0
    ? formatRevision(revision)
    : `+${formatCount(commits, "commit")}`;
}

const causes: Readonly<Record<Promotion["spec"]["cause"], string>> = {
  Person: "",
  Automation: "by itself",
  Git: "pushed with git",
  Failure: "because the last one failed",
};

/** Who or what asked for a promotion. */
export function formatCause({ cause, requestedBy }: Promotion["spec"]): string {
  return causes[cause] === "" ? requestedBy.username : causes[cause];
}
