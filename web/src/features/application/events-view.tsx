import { useQuery } from "@tanstack/react-query";
import { CalendarOff } from "lucide-react";
import { call } from "../../lib/api/index.ts";
import { Failure, Skeleton, State } from "../common/states.tsx";
import tableStyles from "../common/table.module.css";
import { Ago } from "../common/time.tsx";
import type { Application } from "./application-query.ts";
import { namedIn } from "./change-application.ts";
import { eventRows } from "./event-rows.ts";
import styles from "./events-view.module.css";

const everyMs = 15_000;

/** What happened to the application, as Kubernetes' events tell, the newest first. */
export function EventsView({ app }: { readonly app: Application }) {
  const named = namedIn(app);
  const { data, error, refetch } = useQuery({
    queryKey: ["events", named.appNamespace, named.name],
    queryFn: ({ signal }) => call("application.listResourceEvents", named, { signal }),
    refetchInterval: everyMs,
  });
  if (data === undefined)
    return error === null ? (
      <Skeleton label="Loading events" />
    ) : (
      <Failure error={error} onRetry={() => void refetch()} />
    );
  const rows = eventRows(data.items ?? []);
  if (rows.length === 0)
    return (
      <State icon={<CalendarOff />} title="No events">
        Kubernetes keeps events for about an hour, and there are none of this application. Its syncs are in
        the history.
      </State>
    );
  return (
    <div className={tableStyles["wrap"]}>
      <table className={tableStyles["table"]}>
        <thead>
          <tr>
            <th>When</th>
            <th>Reason</th>
            <th>Message</th>
            <th>Times</th>
            <th>From</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, time, isWarning, reason, message, count, from }) => (
            <tr key={key}>
              <td>
                <Ago time={time} />
              </td>
              <td className={isWarning ? styles["warning"] : undefined}>
                {isWarning && <span className="visually-hidden">Warning: </span>}
                {reason}
              </td>
              <td className={styles["message"]}>{message}</td>
              <td>{count}</td>
              <td>{from}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
