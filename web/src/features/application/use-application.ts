import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { ApiError } from "../../lib/api/index.ts";
import { follow } from "../../lib/api/index.ts";
import type { Application, ApplicationName } from "./application-query.ts";
import { applicationQuery } from "./application-query.ts";

export interface LiveApplication {
  readonly app: Application | undefined;
  readonly error: Error | null;
  readonly isConnected: boolean;
  /** It was there, and is not any more. */
  readonly isGone: boolean;
  readonly retry: () => void;
}

/** An application as it is now, kept so by a stream. */
export function useApplication({ namespace, name }: ApplicationName): LiveApplication {
  const queryClient = useQueryClient();
  const { data, error, refetch } = useQuery(applicationQuery({ namespace, name }));
  const [isConnected, setConnected] = useState(true);
  const [isGone, setGone] = useState(false);
  const isRead = data !== undefined;
  useEffect(() => {
    if (!isRead) return undefined;
    const stop = new AbortController();
    const { queryKey } = applicationQuery({ namespace, name });
    setGone(false);
    follow(
      "application.watch",
      { name, appNamespace: namespace },
      {
        signal: stop.signal,
        onConnected: setConnected,
        onAnswer: ({ type, application }) => {
          if (type === "DELETED") setGone(true);
          else if (application !== undefined) {
            setGone(false);
            queryClient.setQueryData(queryKey, application);
          }
        },
        onEnd: (reason: ApiError | undefined) => {
          if (reason !== undefined) void queryClient.invalidateQueries({ queryKey });
        },
      },
    );
    return () => stop.abort();
  }, [queryClient, namespace, name, isRead]);
  return { app: data, error, isConnected, isGone, retry: () => void refetch() };
}
