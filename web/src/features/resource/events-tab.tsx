import { useQuery } from "@tanstack/react-query";
import { CalendarX, CircleAlert, Info } from "lucide-react";
import { Failure, Skeleton, State } from "../common/states.tsx";
import { Ago } from "../common/time.tsx";
import styles from "./events-tab.module.css";
import { eventsQuery } from "./resource-queries.ts";
import type { TabProps } from "./tabs.tsx";

/** What Kubernetes tells of it, the newest first. */
export function EventsTab({ app, resource }: TabProps) {
  const { data, error, refetch } = useQuery(eventsQuery({ app, resource }));
  if (data === undefined)
    return error === null ? (
      <Skeleton label="Loading events" lines={5} />
    ) : (
      <Failure error={error} onRetry={() => void refetch()} />
    );
  const events = (data.items ?? [])
    .map((event) => ({ ...event, at: event.lastTimestamp ?? event.eventTime ?? event.firstTimestamp ?? "" }))
    .toSorted((a, b) => (a.at < b.at ? 1 : -1));
  if (events.length === 0)
    return (
      <State icon={<CalendarX />} title="No events">
        Kubernetes keeps events for about an hour. Nothing was told of {resource.name} since.
      </State>
    );
  return (
    <ul className={styles["events"]}>
      {events.map(({ metadata, type, reason, message, count = 1, at, source, reportingComponent }) => (
        <li key={metadata?.uid ?? `${reason ?? ""}${at}`} data-warning={type === "Warning" || undefined}>
          {type === "Warning" ? <CircleAlert aria-label="Warning" /> : <Info aria-label="Normal" />}
          <div>
            <strong>{reason}</strong> <span>{message}</span>
            <p className="muted">
              <Ago time={at} />
              {count > 1 && `, ${count.toLocaleString("en")} times`}
              {` · ${source?.component ?? reportingComponent ?? ""}`}
            </p>
          </div>
        </li>
      ))}
    </ul>
  );
}
