import { formatCount, formatRevision } from "../../lib/format.ts";
import { asClause, formatSince } from "../application/header/phrases.ts";
import { activeOf, doingOf, formatCandidate, proseOf } from "./phrases.ts";
import type { Pipeline, Promotion, Stage } from "./pipeline.ts";
import { stagesOf } from "./pipeline.ts";

interface HeadlineInput {
  readonly pipeline: Pipeline;
  /** Those of this pipeline that are under way, and perhaps others. */
  readonly promotions: readonly Promotion[];
  readonly nowMs: number;
}

/** One sentence: what is true of a pipeline, and what happens next. */
export function headlineOf(input: HeadlineInput): string {
  const { pipeline, nowMs } = input;
  const { message = "" } = pipeline.status;
  if (message !== "") return `${asClause(proseOf(message, nowMs))}.`;
  const stages = stagesOf(pipeline);
  if (pipeline.status.stages === undefined) return "Its branches have not been looked at yet.";
  if (pipeline.spec.suspend === true)
    return "It is suspended: nothing is promoted, and what is deployed stays, until somebody sets spec.suspend to false.";
  const said = [brokenGlass, underWay, unwell, stopped, ready].flatMap((tell) => tell(stages, input) ?? []);
  return said.length === 0 ? settled(stages) : `${said.slice(0, 2).join("; ")}.`;
}

type Tell = (stages: readonly Stage[], input: HeadlineInput) => string | undefined;

const brokenGlass: Tell = (stages, { promotions }) => {
  const broken = promotions.find(
    ({ name, status }) =>
      status.breakGlass !== undefined && stages.some((stage) => stage.status.promotion === name),
  );
  return (
    broken && `${broken.spec.stage} runs what ${broken.status.breakGlass?.username ?? "?"} let past its gates`
  );
};

/** The last stage counts most: it is what users see. */
const underWay: Tell = (stages, { promotions, nowMs }) => {
  const all = stages.flatMap((stage) => {
    const active = activeOf(stage, promotions);
    return active === undefined ? [] : [{ stage, active }];
  });
  const last = all.at(-1);
  if (last === undefined) return undefined;
  const { text, since } = doingOf(last.active);
  const { kind, revision } = last.active.spec;
  const what =
    kind === "Rollback" ? `the rollback of ${last.stage.name} to` : `${last.stage.name}'s next revision`;
  const more = all.length > 1 ? `, and ${formatCount(all.length - 1, "other promotion")} under way` : "";
  return `${what} ${formatRevision(revision)} ${text}${since === undefined ? "" : ` since ${formatSince(since, nowMs)}`}${more}`;
};

const unwell: Tell = (stages) => {
  const bad = stages.filter(({ status }) => status.health === "Degraded").map(({ name }) => name);
  return bad.length === 0 ? undefined : `${bad.join(" and ")} ${bad.length === 1 ? "is" : "are"} degraded`;
};

const stopped: Tell = (stages, { nowMs }) => {
  const held = stages.find(({ status }) => status.hold !== undefined);
  if (held?.status.hold !== undefined) {
    const { by, reason, since } = held.status.hold;
    return `${held.name} is held by ${by} since ${formatSince(since, nowMs)} (${asClause(reason)}), until somebody resumes it`;
  }
  const frozen = stages.filter(({ status }) => status.frozen !== undefined);
  const [first] = frozen;
  if (first === undefined) return undefined;
  return `${frozen.map(({ name }) => name).join(" and ")} ${frozen.length === 1 ? "is" : "are"} frozen by ${proseOf(first.status.frozen ?? "", nowMs)}`;
};

const ready: Tell = (stages, { promotions }) => {
  const waiting = stages.filter(
    (stage) => stage.status.candidate !== undefined && activeOf(stage, promotions) === undefined,
  );
  const last = waiting.at(-1);
  if (last?.status.candidate === undefined) return undefined;
  const what = formatCandidate(last.status.candidate).replace("+", "");
  return last.spec.promote === "auto"
    ? `${what} for ${last.name} will be promoted by itself`
    : `${what} for ${last.name} ${last.status.candidate.commits === 1 ? "waits" : "wait"} for somebody to promote ${last.status.candidate.commits === 1 ? "it" : "them"}`;
};

function settled(stages: readonly Stage[]): string {
  const revisions = new Set(stages.map(({ status }) => status.revision ?? ""));
  const [only = ""] = revisions;
  const next = stages.find(({ after }) => after.length > 0);
  const follows =
    next === undefined
      ? ""
      : next.spec.promote === "auto"
        ? `; the next commit goes to ${next.name} by itself`
        : `; the next commit waits for somebody to promote it to ${next.name}`;
  if (revisions.size === 1 && only !== "") return `All stages have ${formatRevision(only)}${follows}.`;
  return `Nothing is under way${follows}.`;
}
