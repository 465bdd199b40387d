import type { Delivery } from "#api/contract/gen/mooring/timeline_pb.ts";
import type { ToldCommit, Trace, TraceLine } from "#api/contract/gen/mooring/trace_pb.ts";
import type { ShapeOf } from "#api/contract/shape.ts";
import { formatRevisions } from "#core/app/index.ts";
import { formatTable, oneLine } from "../output/table.ts";
import { formatMoment } from "./app-view.ts";
import { formatSpan } from "./span.ts";

interface Format {
  /** With cluster, namespace and who asked for the sync. */
  readonly isWide: boolean;
  readonly withUnchanged: boolean;
}

/** Where a change is: what it is, and a line for each application. */
export function formatTrace(trace: ShapeOf<Trace>, { isWide, withUnchanged }: Format): string {
  const { kind = "", commits = [], lines = [], total = 0, problems = [] } = trace;
  const shown = lines.filter(({ state }) => withUnchanged || state !== "unchanged");
  const left = lines.length - shown.length;
  const parts = [
    ...commits.map((commit) => formatCommit(commit)),
    shown.length === 0
      ? `${kind === "image" ? "No application runs or ran it." : "No application reads what it changes."}\n`
      : formatTable([headOf(kind, isWide), ...shown.map((line) => rowOf(line, kind, isWide))]),
    ...(left === 0
      ? []
      : [`It does not change ${left} more applications of the repository (--all shows them).\n`]),
    ...(total > lines.length
      ? [`There are ${total - lines.length} more lines (--limit 0 shows all).\n`]
      : []),
    ...problems.map((problem) => `Not asked: ${oneLine(problem)}\n`),
  ];
  return parts.join("");
}

function formatCommit({
  id = "",
  author = "",
  date,
  subject = "",
  repository = "",
  promotion = "",
}: ShapeOf<ToldCommit>): string {
  const by = promotion === "" ? "" : `Promotion:  ${promotion}\n`;
  return `Commit:     ${id}\nRepository: ${repository}\nAuthor:     ${oneLine(author)}\nDate:       ${formatMoment(date)}\nSubject:    ${oneLine(subject)}\n${by}\n`;
}

function headOf(kind: string, isWide: boolean): readonly string[] {
  return [
    "APPLICATION",
    "PROJECT",
    ...(isWide ? ["CLUSTER", "NAMESPACE"] : []),
    "STATE",
    ...(kind === "image" ? ["RUNS", "COMMIT"] : ["WITH"]),
    "SEEN",
    "RENDERED",
    "STARTED",
    "APPLIED",
    "HEALTHY",
    ...(isWide ? ["BY"] : []),
    "NOTE",
  ];
}

function rowOf(line: ShapeOf<TraceLine>, kind: string, isWide: boolean): readonly string[] {
  const { name = "", appNamespace = "", project = "", cluster = "", namespace = "", delivery = {} } = line;
  const { state = "", note = "", images = [], commit } = line;
  const brought = delivery.revisions === undefined ? "-" : formatRevisions(delivery.revisions);
  const by = commit === undefined ? brought : `${formatRevisions([commit.id ?? ""])} ${commit.subject ?? ""}`;
  return [
    `${appNamespace}/${name}`,
    project,
    ...(isWide ? [cluster, namespace] : []),
    state,
    ...(kind === "image" ? [images.join(" ") || "-", by] : [brought]),
    ...stepsOf(delivery),
    ...(isWide ? [delivery.by ?? "-"] : []),
    note,
  ];
}

/** When it was seen, and how long each step after that took. */
function stepsOf({ seen, rendered, started, applied, healthy }: ShapeOf<Delivery>): readonly string[] {
  let before: string | undefined;
  return [seen, rendered, started, applied, healthy].map((time) => {
    if (time === undefined) return "-";
    const cell =
      before === undefined ? formatMoment(time) : `+${formatSpan(Date.parse(time) - Date.parse(before))}`;
    before = time;
    return cell;
  });
}
