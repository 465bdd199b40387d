import type { AnswerOf } from "../../lib/api/index.ts";

type Event = NonNullable<AnswerOf<"application", "listResourceEvents">["items"]>[number];

interface EventRow {
  readonly key: string;
  /** When it was last seen. */
  readonly time: string | undefined;
  readonly isWarning: boolean;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly from: string;
}

/** Events of the old and the new kind, the newest first. */
export function eventRows(events: readonly Event[]): readonly EventRow[] {
  const rows = events.map((event, i) => {
    const { metadata, series, lastTimestamp, eventTime, firstTimestamp } = event;
    return {
      key: metadata?.uid ?? `${metadata?.name ?? ""} ${i}`,
      time:
        series?.lastObservedTime ??
        lastTimestamp ??
        eventTime ??
        firstTimestamp ??
        metadata?.creationTimestamp,
      isWarning: event.type === "Warning",
      reason: event.reason ?? "",
      message: event.message ?? "",
      count: series?.count ?? event.count ?? 1,
      from: firstOf(event.source?.component, event.reportingComponent),
    };
  });
  return rows.toSorted((a, b) => Date.parse(b.time ?? "") - Date.parse(a.time ?? "") || 0);
}

function firstOf(...names: readonly (string | undefined)[]): string {
  return names.find((name) => name !== undefined && name !== "") ?? "";
}
