import { formatCount } from "../../../lib/format.ts";
import type { Application } from "../application-query.ts";
import { asClause, formatSince } from "./phrases.ts";

/** How it is, after `… is deployed`: `and healthy`, `but Deployment web is degraded: …, since 5 min ago`. */
export function describeHealth(app: Application, nowMs: number): string {
  const { status = "Unknown", lastTransitionTime } = app.status?.health ?? {};
  const since = lastTransitionTime === undefined ? "" : `, for ${formatSince(lastTransitionTime, nowMs)}`;
  switch (status) {
    case "Healthy":
      return "and healthy";
    case "Progressing":
      return `and comes up${causeOf(app, status)}${since}`;
    case "Degraded":
      return `but degraded${causeOf(app, status)}${since}`;
    case "Suspended":
      return `and suspended${causeOf(app, status)}${since}`;
    case "Missing":
      return `but objects are missing${causeOf(app, status)}${since}`;
    default:
      return "and its health is not known";
  }
}

/** The first object that is so, and why. */
function causeOf(app: Application, status: string): string {
  const all = (app.status?.resources ?? []).filter(({ health }) => health?.status === status);
  const [first, ...more] = all;
  if (first === undefined) return "";
  const why = first.health?.message ?? "";
  const others = more.length === 0 ? "" : ` and ${formatCount(more.length, "more", "more")}`;
  return `: ${first.kind ?? ""} ${first.name ?? ""}${why === "" ? "" : ` (${asClause(why)})`}${others}`;
}
