import { type JsonValue, viewArray, viewNumber, viewPath } from "#core/object/index.ts";
import { ageOf, formatDuration, since } from "./age.ts";
import { ageColumn, count, flag, nameColumn, templateColumns, type TableShapes, text } from "./shape.ts";
import { selectorOrNone } from "./selector.ts";
import { conditionStatus, containerCells, countAt, textAt, textOr } from "./views.ts";

export const jobShapes: TableShapes = {
  "batch/Job": {
    columns: [
      nameColumn,
      text("Status"),
      text("Completions"),
      text("Duration"),
      ageColumn,
      ...templateColumns,
    ],
    cells: (job, nowMs) => [
      job.metadata.name ?? "",
      jobStatus(job),
      completions(job),
      jobDuration(job, nowMs),
      ageOf(job, nowMs),
      ...containerCells(viewPath(job, "spec", "template", "spec")),
      selectorOrNone(viewPath(job, "spec", "selector")),
    ],
  },
  "batch/CronJob": {
    columns: [
      nameColumn,
      text("Schedule"),
      text("Timezone"),
      flag("Suspend"),
      count("Active"),
      text("Last Schedule"),
      ageColumn,
      ...templateColumns,
    ],
    cells: (object, nowMs) => {
      const last = viewPath(object, "status", "lastScheduleTime");
      const job = viewPath(object, "spec", "jobTemplate", "spec");
      return [
        object.metadata.name ?? "",
        textAt(object, "spec", "schedule"),
        textOr("<none>", object, "spec", "timeZone"),
        formatFlag(viewPath(object, "spec", "suspend")),
        viewArray(object, "status", "active").length,
        last === undefined || last === null ? "<none>" : since(last, nowMs),
        ageOf(object, nowMs),
        ...containerCells(viewPath(job, "template", "spec")),
        selectorOrNone(viewPath(job, "selector")),
      ];
    },
  },
};

function jobStatus(job: JsonValue): string {
  const has = (type: string): boolean => conditionStatus(job, type) === "True";
  if (has("Complete")) return "Complete";
  if (has("Failed")) return "Failed";
  if (viewPath(job, "metadata", "deletionTimestamp") !== undefined) return "Terminating";
  return ["Suspended", "FailureTarget", "SuccessCriteriaMet"].find((type) => has(type)) ?? "Running";
}

function completions(job: JsonValue): string {
  const succeeded = countAt(job, "status", "succeeded");
  const wanted = viewNumber(job, "spec", "completions");
  if (wanted !== undefined) return `${succeeded}/${wanted}`;
  const parallelism = countAt(job, "spec", "parallelism");
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function jobDuration(job: JsonValue, nowMs: number): string {
  const started = textAt(job, "status", "startTime");
  if (started === "") return "";
  const ended = textAt(job, "status", "completionTime");
  return formatDuration((ended === "" ? nowMs : Date.parse(ended)) - Date.parse(started));
}

function formatFlag(value: JsonValue | undefined): string {
  if (typeof value !== "boolean") return "<unset>";
  return value ? "True" : "False";
}
