import { useEffect, useState } from "react";
import type { ApiError, RequestOf } from "../../../lib/api/index.ts";
import { follow } from "../../../lib/api/index.ts";
import type { LogLine, NewLine } from "./log-buffer.ts";
import { LogBuffer, plainText, ResumePoint } from "./log-buffer.ts";

export interface Logs {
  readonly lines: readonly LogLine[];
  /** Older lines that are not kept. */
  readonly dropped: number;
  readonly state: "opening" | "open" | "lost" | "ended";
  readonly error: ApiError | undefined;
}

const nothing: Logs = { lines: [], dropped: 0, state: "opening", error: undefined };
/** Lines are shown together: a chatty log would draw the page for each of its lines. */
const gatherMs = 100;

/** Reads a log, and goes on with it if it is followed. `request` as JSON, so that an equal one is the same; `attempt` reads it anew. */
export function useLogs(request: string, attempt: number): Logs {
  const [logs, setLogs] = useState(nothing);
  useEffect(() => {
    const asked = JSON.parse(request) as RequestOf<"application", "podLogs">;
    const stop = new AbortController();
    const buffer = new LogBuffer();
    const point = new ResumePoint();
    let waiting: NewLine[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = (change: Partial<Logs> = {}): void => {
      clearTimeout(timer);
      timer = undefined;
      buffer.add(waiting);
      waiting = [];
      setLogs((before) => ({ ...before, ...change, lines: buffer.lines, dropped: buffer.dropped }));
    };
    setLogs(nothing);
    follow("application.podLogs", asked, {
      signal: stop.signal,
      isEndless: asked.follow === true,
      onConnected: (isConnected) => flush({ state: isConnected ? "open" : "lost" }),
      onReconnect: () => point.resume(),
      onAnswer: ({ content = "", podName: pod = "", timeStampStr: time = "", last }) => {
        if (last === true) {
          stop.abort();
          flush({ state: "ended" });
          return;
        }
        const line = { pod, time, text: plainText(content) };
        if (!point.isNew(line)) return;
        waiting.push(line);
        timer ??= setTimeout(flush, gatherMs);
      },
      onEnd: (error) => flush({ state: "ended", error }),
    });
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [request, attempt]);
  return logs;
}
