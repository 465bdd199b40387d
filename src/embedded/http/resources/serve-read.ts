import { chooseListForm, sendList } from "../answer/send-list.ts";
import { chooseObjectForm, sendObject } from "../answer/send-object.ts";
import type { ResourceContext } from "../context.ts";
import { headerOf } from "../exchange.ts";
import { chooseForm } from "../negotiate/accept.ts";
import { readListOptions, readWatchOptions } from "../query/list-options.ts";
import { readInclusion } from "../tables/table.ts";
import { createEventLines } from "../watch/event-lines.ts";
import { streamWatch } from "../watch/stream-watch.ts";

// Node's timers take no more, and fire at once instead.
const maxTimerMs = 2 ** 31 - 1;

export async function serveGet(context: ResourceContext): Promise<void> {
  const chosen = chooseObjectForm(context);
  const shown = context.serving.options.api.get(context.target);
  await sendObject(context, chosen, { status: 200, shown });
}

export async function serveList(context: ResourceContext): Promise<void> {
  const chosen = chooseListForm(context);
  const request = readListOptions(context.exchange.query);
  await sendList(context, chosen, context.serving.options.api.list(context.target, request));
}

export async function serveWatch(context: ResourceContext): Promise<void> {
  const { exchange, target, serving, info } = context;
  const { form } = chooseForm(headerOf(exchange, "accept"));
  if (form.kind === "table") readInclusion(exchange.query);
  const { timeoutSeconds, ...request } = readWatchOptions(exchange.query);
  const { api, limits, random, onError } = serving.options;
  const timeoutMs = timeoutSeconds === undefined ? limits.minWatchMs * (1 + random()) : timeoutSeconds * 1000;
  await streamWatch({
    exchange,
    lines: createEventLines(context, form),
    open: (onEvents) => api.watch(target, { ...request, onEvents }),
    allowBookmarks: request.allowBookmarks,
    timeoutMs: Math.min(timeoutMs, maxTimerMs),
    bookmarkIntervalMs: limits.bookmarkIntervalMs * (0.95 + random() / 10),
    ending: serving.ending,
    onError: (error) => onError(error, `watch ${info.path}`),
  });
}
