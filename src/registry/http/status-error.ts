import type { IncomingHttpHeaders } from "node:http";
import type { MooringError } from "#core/errors/index.ts";
import type { Subject } from "../registry-error.ts";
import { chartError } from "../registry-error.ts";

const maxRetryAfterMs = 300_000;
/** For a server that asks to wait and does not say how long. */
const unsaidRetryAfterMs = 30_000;

/** How long a server asks to wait: seconds or a date; undefined when it does not say. */
function retryAfterOf(headers: IncomingHttpHeaders): number | undefined {
  const text = headers["retry-after"];
  if (text === undefined) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return ms > 0 ? Math.min(ms, maxRetryAfterMs) : undefined;
}

/** The error that an answer's status stands for. */
export function statusError(
  subject: Subject,
  host: string,
  answer: { readonly status: number; readonly headers: IncomingHttpHeaders },
): MooringError {
  const { status } = answer;
  if (status === 401 || status === 403 || status === 407) {
    const text = `${host} refuses the credentials, or needs some (status ${status}); check the repository's Secret`;
    return chartError("CHART_AUTH", subject, { text });
  }
  if (status === 404 || status === 410) {
    const text = `${host} does not have it (status ${status}); check the URL, the name and the version`;
    return chartError("CHART_NOT_FOUND", subject, { text });
  }
  if (status === 429 || status >= 500) {
    const retryAfterMs = retryAfterOf(answer.headers) ?? (status === 429 ? unsaidRetryAfterMs : undefined);
    const text =
      status === 429 ? `${host} asks to wait (status 429)` : `${host} failed (status ${status}); see its log`;
    return chartError("CHART_UNREACHABLE", subject, {
      text,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
  }
  const text = `${host} answers with status ${status}; check that the URL is that of a chart repository`;
  return chartError("CHART_INVALID", subject, { text });
}
