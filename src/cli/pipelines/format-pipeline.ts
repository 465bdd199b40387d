import type { KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import type { Pipeline, PipelineStatus, Promotion } from "#core/promotion/index.ts";
import { hasEnded, parsePipeline } from "#core/promotion/index.ts";
import { oneLine, formatTable } from "../output/table.ts";
import { formatAge, shortCommit } from "./format-parts.ts";

type StageStatus = NonNullable<PipelineStatus["stages"]>[number];

export interface PipelineView {
  readonly pipeline: KubeObject;
  /** Those of it that are there. */
  readonly promotions: readonly Promotion[];
  readonly nowMs: number;
}

/** A pipeline for people: where each stage is, what comes next, what is in the way, and what ends that. */
export function formatPipeline({ pipeline: object, promotions, nowMs }: PipelineView): string {
  const pipeline = parsePipeline(object);
  const { status } = pipeline;
  const head = [
    ["Pipeline:", `${pipeline.namespace}/${pipeline.name}`],
    ["Project:", pipeline.project],
    ["Repository:", viewString(object, "spec", "repoURL") ?? ""],
    ...(pipeline.isSuspended ? [["Suspended:", "nothing is promoted until spec.suspend is gone"]] : []),
    ["Branches read:", status.askedAt === undefined ? "not yet" : `${formatAge(status.askedAt, nowMs)} ago`],
    ...(status.message === undefined || status.message === "" ? [] : [["Message:", oneLine(status.message)]]),
  ];
  const subjects = subjectsOf(status, promotions);
  const rows = pipeline.stages.map(({ name, branch }) => {
    const stage = statusOf(status, name);
    const { revision = "", since, health = "Unknown", candidate, hold, frozen } = stage;
    return [
      name,
      branch,
      revision === "" ? "-" : shortCommit(revision),
      oneLine(subjects.get(revision) ?? "-").slice(0, 40),
      since === undefined ? "-" : formatAge(since, nowMs),
      health,
      candidate === undefined ? "-" : `${shortCommit(candidate.revision)}${plus(candidate.commits)}`,
      hold === undefined ? "-" : "held",
      frozen === undefined || frozen === "" ? "-" : "frozen",
      whoPromoted(promotions.find((one) => one.name === stage.promotion)),
    ];
  });
  const columns = "STAGE BRANCH REVISION SUBJECT SINCE HEALTH CANDIDATE HOLD FREEZE BY".split(" ");
  const notes = pipeline.stages.flatMap(({ name }) =>
    notesOf(pipeline, statusOf(status, name), { promotions, nowMs }),
  );
  const told = notes.length === 0 ? "" : `\n${notes.map((note) => `${oneLine(note)}\n`).join("")}`;
  return `${formatTable(head)}\n${formatTable([columns, ...rows])}${told}`;
}

function statusOf({ stages = [] }: PipelineStatus, name: string): StageStatus {
  return stages.find((stage) => stage.name === name) ?? { name };
}

function plus(commits: number | undefined): string {
  return commits === undefined ? "" : ` +${commits}`;
}

/** What commits say of themselves, as far as the hub knows it. */
function subjectsOf(
  { stages = [] }: PipelineStatus,
  promotions: readonly Promotion[],
): ReadonlyMap<string, string> {
  const commits = promotions.flatMap(({ status }) => status.commits ?? []);
  return new Map([
    ...commits.map(({ commit, subject = "" }) => [commit, subject] as const),
    ...stages.flatMap(({ candidate }) =>
      candidate?.subject === undefined ? [] : [[candidate.revision, candidate.subject] as const],
    ),
  ]);
}

/** Who brought it there, in a word. */
export function whoPromoted(promotion: Promotion | undefined): string {
  if (promotion === undefined) return "-";
  const { cause, requestedBy } = promotion.spec;
  if (cause === "Automation") return "automation";
  if (cause === "Git") return "git push";
  return cause === "Failure" ? "rollback on failure" : requestedBy.username;
}

interface Noting {
  readonly promotions: readonly Promotion[];
  readonly nowMs: number;
}

/** What does not fit into a line, and what ends it. */
function notesOf(
  { namespace, name }: Pipeline,
  stage: StageStatus,
  { promotions, nowMs }: Noting,
): readonly string[] {
  const { candidate, hold, frozen = "", active } = stage;
  const target = `${name}/${stage.name}`;
  const since = (time: string): string => `since ${formatAge(time, nowMs)}`;
  const own = promotions.filter(({ spec }) => spec.stage === stage.name);
  const glass = own.filter(
    ({ status, ...one }) => status.breakGlass !== undefined && isThere({ status, ...one }, stage),
  );
  const running = own.find((one) => one.name === active);
  const lines = [
    ...(candidate?.waitsFor === undefined || candidate.waitsFor === ""
      ? []
      : [
          `candidate ${shortCommit(candidate.revision)} ${candidate.subject ?? ""} waits: ${candidate.waitsFor}`,
        ]),
    ...(running === undefined
      ? []
      : [
          `promotion ${running.name} is ${running.status.phase ?? "Pending"}: ${running.status.message ?? ""}`,
        ]),
    ...(hold === undefined
      ? []
      : [
          `held ${since(hold.since)} by ${hold.by}: ${hold.reason}; ends with: mooring pipeline resume ${target}`,
        ]),
    ...(frozen === "" ? [] : [`frozen: ${frozen}`]),
    ...glass.map(
      ({ name: promotion, status: { breakGlass } }) =>
        `GATES BYPASSED by ${breakGlass?.username ?? ""} ${since(breakGlass?.at ?? "")} for ${promotion}: ${breakGlass?.reason ?? ""}`,
    ),
  ];
  const where = namespace === "" ? stage.name : target;
  return lines.map((line) => `${where}: ${line}`);
}

/** Whether what a promotion brought is in the stage, or on its way there. */
function isThere(promotion: Promotion, stage: StageStatus): boolean {
  return promotion.name === stage.promotion || !hasEnded(promotion);
}

/** One line for each pipeline. */
export function formatPipelines(pipelines: readonly KubeObject[], wide: boolean): string {
  const rows = pipelines.map((object) => {
    const stages = ((object["status"] ?? {}) as PipelineStatus).stages ?? [];
    const shown = stages.map(
      ({ name, revision = "", health = "Unknown", hold, frozen = "", candidate }) =>
        `${name}=${revision === "" ? "-" : shortCommit(revision)}${[
          candidate === undefined ? "" : plus(candidate.commits ?? 1).trim(),
          health === "Healthy" ? "" : health,
          hold === undefined ? "" : "held",
          frozen === "" ? "" : "frozen",
        ]
          .filter((word) => word !== "")
          .map((word) => `,${word}`)
          .join("")}`,
    );
    const { namespace = "", name = "" } = object.metadata;
    return [
      `${namespace}/${name}`,
      viewString(object, "spec", "project") ?? "default",
      shown.join(" "),
      oneLine(viewString(object, "status", "message") ?? ""),
      ...(wide ? [viewString(object, "spec", "repoURL") ?? ""] : []),
    ];
  });
  const columns = ["NAME", "PROJECT", "STAGES", "MESSAGE", ...(wide ? ["REPOSITORY"] : [])];
  return formatTable([columns, ...rows]);
}
