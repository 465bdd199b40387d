import { useQuery } from "@tanstack/react-query";
import { CalendarClock } from "lucide-react";
import { useState } from "react";
import type { AnswerOf } from "../../../lib/api/index.ts";
import { call } from "../../../lib/api/index.ts";
import { State } from "../../common/states.tsx";
import { Ago } from "../../common/time.tsx";
import type { Column } from "../parts/data-table.tsx";
import { isFound } from "../parts/find-in.ts";
import { Listing } from "../parts/listing.tsx";
import { FindBox } from "../parts/settings-frame.tsx";
import styles from "./projects.module.css";

type Event = NonNullable<AnswerOf<"project", "listEvents">["items"]>[number];

const columns: readonly Column<Event>[] = [
  { name: "What", cell: ({ reason = "" }) => reason },
  { name: "Message", cell: ({ message = "" }) => message },
  { name: "Times", cell: ({ count = 1 }) => count.toLocaleString("en"), look: "shrink" },
  { name: "Last", cell: (event) => <Ago time={timeOf(event)} />, look: "shrink" },
];

function timeOf({ lastTimestamp, eventTime, metadata }: Event): string {
  return lastTimestamp ?? eventTime ?? metadata?.creationTimestamp ?? "";
}

/** What Kubernetes keeps of what has happened to a project. */
export function EventsTab({ name }: { readonly name: string }) {
  const query = useQuery({
    queryKey: ["projects", name, "events"],
    queryFn: async ({ signal }) => {
      const { items = [] } = await call("project.listEvents", { name }, { signal });
      return items.toSorted((a, b) => timeOf(b).localeCompare(timeOf(a)));
    },
  });
  const [text, setText] = useState("");
  const rows = (query.data ?? []).filter(({ reason, message, type }) =>
    isFound(text, [reason, message, type]),
  );
  return (
    <div className={styles["panel"]}>
      <FindBox what="events" text={text} onChange={setText} />
      <Listing
        query={query}
        what="events"
        columns={columns}
        rows={rows}
        keyOf={({ metadata }) => metadata?.uid ?? metadata?.name ?? ""}
        isNarrowed={text !== ""}
        onClear={() => setText("")}
        empty={
          <State icon={<CalendarClock />} title="No events">
            Kubernetes keeps events for about an hour. The audit keeps longer who has changed the project.
          </State>
        }
      />
    </div>
  );
}
