import type { QueryClient } from "@tanstack/react-query";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { follow } from "../../lib/api/index.ts";
import type { Pipeline } from "./pipeline.ts";
import { keyOf, readPipeline } from "./pipeline.ts";
import type { PipelineName } from "./queries.ts";
import { pipelineQuery, pipelinesQuery } from "./queries.ts";

/** A controller writes several statuses in a row; their promotions are asked for once. */
const askAfterMs = 250;

interface Live {
  readonly isConnected: boolean;
  /** It was there, and is not any more. */
  readonly isGone: boolean;
}

/** Keeps what is shown of pipelines, or of one, as the server has it. Begins when they were read. */
export function useLivePipelines(isRead: boolean, only?: PipelineName): Live {
  const queryClient = useQueryClient();
  const [isConnected, setConnected] = useState(true);
  const [isGone, setGone] = useState(false);
  const { namespace, name } = only ?? {};
  useEffect(() => {
    if (!isRead) return undefined;
    const stop = new AbortController();
    let asking: ReturnType<typeof setTimeout> | undefined;
    const ask = (): void => {
      asking ??= setTimeout(() => {
        asking = undefined;
        for (const key of ["promotions", "promotion"])
          void queryClient.invalidateQueries({ queryKey: [key] });
      }, askAfterMs);
    };
    setGone(false);
    follow("pipeline.watch", name === undefined ? {} : { name, namespace: namespace ?? "" }, {
      signal: stop.signal,
      onConnected: setConnected,
      // What was deleted while nobody listened is told by nobody.
      onReconnect: () => void queryClient.invalidateQueries({ queryKey: pipelinesQuery.queryKey }),
      onEnd: () => void queryClient.invalidateQueries({ queryKey: pipelinesQuery.queryKey }),
      onAnswer: ({ type, pipeline }) => {
        if (pipeline === undefined) return;
        const told = readPipeline(pipeline);
        put(queryClient, told, type === "DELETED");
        setGone(type === "DELETED" && name !== undefined);
        ask();
      },
    });
    return () => {
      stop.abort();
      clearTimeout(asking);
    };
  }, [queryClient, isRead, namespace, name]);
  return { isConnected, isGone };
}

/** Puts a pipeline into whatever shows it; a list that was not read is not begun. */
export function put(queryClient: QueryClient, told: Pipeline, isGone = false): void {
  if (!isGone) queryClient.setQueryData(pipelineQuery(told).queryKey, told);
  queryClient.setQueryData(pipelinesQuery.queryKey, (all) => {
    if (all === undefined) return undefined;
    const rest = all.filter((each) => keyOf(each) !== keyOf(told));
    if (isGone) return rest;
    return [...rest, told].toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  });
}
