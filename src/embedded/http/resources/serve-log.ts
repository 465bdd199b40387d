import { flushHead, setHead, writeChunk } from "../answer/write.ts";
import type { ResourceContext } from "../context.ts";
import { unknownPath } from "../errors.ts";
import type { LogRequest } from "../options.ts";
import { readFlag, readInteger } from "../query/read-parameters.ts";

/** What a container has written, as plain text; with `follow` until the client leaves. */
export async function serveLog(context: ResourceContext): Promise<void> {
  const { exchange, serving } = context;
  const { readLog } = serving.options;
  if (readLog === undefined) throw unknownPath();
  const leaving = new AbortController();
  const leave = (): void => leaving.abort();
  exchange.response.once("close", leave);
  const signal = AbortSignal.any([leaving.signal, serving.ending]);
  const lines = readLog(readLogRequest(context, signal));
  let isStarted = false;
  const start = (): void => {
    if (isStarted) return;
    isStarted = true;
    setHead(exchange, { status: 200, contentType: "text/plain" });
    flushHead(exchange);
  };
  if (readFlag(exchange.query, "follow") === true) start();
  for await (const line of lines) {
    start();
    await writeChunk(exchange, line);
  }
  start();
  exchange.response.end();
}

function readLogRequest({ exchange, target }: ResourceContext, signal: AbortSignal): LogRequest {
  const { query } = exchange;
  return {
    target,
    container: query.get("container") ?? "",
    follow: readFlag(query, "follow") ?? false,
    previous: readFlag(query, "previous") ?? false,
    timestamps: readFlag(query, "timestamps") ?? false,
    tailLines: readInteger(query, "tailLines"),
    limitBytes: readInteger(query, "limitBytes"),
    sinceSeconds: readInteger(query, "sinceSeconds"),
    sinceTime: query.get("sinceTime") ?? "",
    signal,
  };
}
