import type { JsonValue, KubeObject } from "#core/object/index.ts";

/** A duration as `kubectl get` shows it, with two or three significant figures. */
export function formatDuration(ms: number): string {
  const seconds = Math.trunc(ms / 1000);
  if (seconds < -1) return "<invalid>";
  if (seconds < 120) return `${Math.max(0, seconds)}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return pair(minutes, "m", `${seconds % 60}s`);
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return pair(hours, "h", `${minutes % 60}m`);
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (hours < 192) return pair(days, "d", `${hours % 24}h`);
  if (hours < 24 * 365 * 2) return `${days}d`;
  const years = Math.floor(days / 365);
  return hours < 24 * 365 * 8 ? pair(years, "y", `${days % 365}d`) : `${years}y`;
}

function pair(count: number, unit: string, rest: string): string {
  return rest.startsWith("0") ? `${count}${unit}` : `${count}${unit}${rest}`;
}

/** How long ago a time was; `<unknown>` where there is none. */
export function since(time: JsonValue | undefined, nowMs: number): string {
  if (typeof time !== "string" || time === "") return "<unknown>";
  const ms = Date.parse(time);
  return Number.isNaN(ms) ? "<invalid>" : formatDuration(nowMs - ms);
}

export function ageOf(object: KubeObject, nowMs: number): string {
  return since(object.metadata.creationTimestamp, nowMs);
}
