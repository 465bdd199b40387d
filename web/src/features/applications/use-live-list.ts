import type { InfiniteData } from "@tanstack/react-query";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { follow } from "../../lib/api/index.ts";
import type { Application, ListPage } from "./list-query.ts";
import { filterOf, keyOf, listQuery, putApplications, watchFields } from "./list-query.ts";
import type { ListSearch } from "./list-search.ts";

/** Changes are shown together, so that a thousand a second do not draw the page a thousand times. */
const drawEveryMs = 250;
/** Counts, order and who belongs to the list are asked for at most this often. */
const askEveryMs = 2_000;

/** Keeps the shown list as the server has it; false while there is no connection. Begins when the list was read. */
export function useLiveList(search: ListSearch, resourceVersion: string | undefined): boolean {
  const [isConnected, setConnected] = useState(true);
  const queryClient = useQueryClient();
  const isRead = resourceVersion !== undefined;
  const shown = JSON.stringify(filterOf(search));
  useEffect(() => {
    if (!isRead) return undefined;
    const stop = new AbortController();
    const changed = new Map<string, Application>();
    let drawing: ReturnType<typeof setTimeout> | undefined;
    let asking: ReturnType<typeof setTimeout> | undefined;
    const ask = (): void => {
      asking ??= setTimeout(() => {
        asking = undefined;
        void queryClient.invalidateQueries({ queryKey: ["applications"], refetchType: "active" });
      }, askEveryMs);
    };
    const draw = (): void => {
      drawing ??= setTimeout(() => {
        drawing = undefined;
        putApplications(queryClient, changed);
        changed.clear();
      }, drawEveryMs);
    };
    const newest = queryClient.getQueryData<InfiniteData<ListPage, string>>(listQuery(search).queryKey);
    const since = newest?.pages[0]?.metadata?.resourceVersion ?? resourceVersion;
    follow(
      "application.watch",
      { ...filterOf(search), resourceVersion: since },
      {
        fields: watchFields,
        signal: stop.signal,
        onConnected: (isThere) => {
          setConnected(isThere);
          // What went between the list and its stream was told to nobody.
          if (isThere) ask();
        },
        // Whoever is not let in any more hears it as the answer to a list, and is led to the login.
        onEnd: () =>
          void queryClient.invalidateQueries({ queryKey: ["applications"], refetchType: "active" }),
        onAnswer: ({ type, application }) => {
          if (application === undefined) return;
          if (type === "MODIFIED" || type === "ADDED") {
            changed.set(keyOf(application), application);
            draw();
          }
          ask();
        },
      },
    );
    return () => {
      stop.abort();
      clearTimeout(drawing);
      clearTimeout(asking);
    };
    // The filter as text stands for the search: the order of a list is nothing that its stream knows.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [queryClient, isRead, shown]);
  return isConnected;
}
