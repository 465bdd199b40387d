import type { IncomingMessage, ServerResponse } from "node:http";
import { MooringError } from "#core/errors/index.ts";

export interface WebAnswer {
  readonly status?: number;
  readonly type: string;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers a GET or a HEAD; throws API_METHOD_NOT_ALLOWED for everything else. */
export function answerGet(request: IncomingMessage, response: ServerResponse, make: () => WebAnswer): true {
  requireRead(request, response);
  const { status = 200, type, text, headers = {} } = make();
  const body = Buffer.from(text);
  response.writeHead(status, { "content-type": type, "content-length": body.byteLength, ...headers });
  response.end(request.method === "HEAD" ? undefined : body);
  return true;
}

/** Throws API_METHOD_NOT_ALLOWED for all but a GET and a HEAD. */
export function requireRead(request: IncomingMessage, response: ServerResponse): void {
  if (request.method === "GET" || request.method === "HEAD") return;
  response.setHeader("allow", "GET, HEAD");
  throw new MooringError("API_METHOD_NOT_ALLOWED", "use GET here");
}

/** Text as it stands in HTML and XML. */
export function escapeMarkup(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
