import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Ui, UiFile } from "#ports/ui.ts";
import type { WebHandler } from "../server/serve.ts";
import { answerGet, escapeMarkup, requireRead } from "./answer.ts";

interface UiOptions {
  /** Undefined where the UI was not built. */
  readonly ui: Ui | undefined;
  /** Where browsers find the server's pages: `/`, or such as `/mooring/`. */
  readonly base: string;
}

const notBuilt = `<!doctype html>
<html lang="en">
<title>Mooring</title>
<h1>The web UI is not built</h1>
<p>Run <code>make ui</code> where the server's files are, and start it again. The API and the command line work without.</p>
</html>
`;

/** What is no page of the UI, whoever asks. */
const notPages = /^\/(?:api|auth|assets|swagger|healthz)(?:[/.?-]|$)/u;

/**
 * Serves the UI: its files, and its page at every address that is nothing else, since the page finds its way by the address. The style
 * that components write while they run has a nonce; scripts come from files alone.
 */
export function uiHandler({ ui, base }: UiOptions): WebHandler {
  return (request, response) => {
    const address = URL.parse(request.url ?? "/", "http://localhost");
    if (address === null) return Promise.resolve(false);
    const file = ui?.files.get(address.pathname.slice(1));
    if (file !== undefined) return Promise.resolve(sendFile(request, response, file));
    if (!isPage(request, address.pathname)) return Promise.resolve(false);
    return Promise.resolve(sendPage(request, response, { ui, base }));
  };
}

function isPage({ method, headers }: IncomingMessage, pathname: string): boolean {
  const isRead = method === "GET" || method === "HEAD";
  const isBrowser = pathname === "/" || headers.accept?.includes("text/html") === true;
  return isRead && isBrowser && !notPages.test(pathname);
}

function sendPage(request: IncomingMessage, response: ServerResponse, { ui, base }: UiOptions): true {
  const nonce = randomBytes(16).toString("base64");
  response.setHeader(
    "content-security-policy",
    [
      "default-src 'none'",
      "script-src 'self'",
      "worker-src 'self'",
      `style-src 'self' 'nonce-${nonce}'`,
      "img-src 'self' data:",
      "font-src 'self'",
      "connect-src 'self'",
      "base-uri 'self'",
      "form-action 'self'",
      "frame-ancestors 'self'",
      "object-src 'none'",
    ].join("; "),
  );
  const page = (ui?.page ?? notBuilt)
    .replaceAll("{{base}}", escapeMarkup(base))
    .replaceAll("{{nonce}}", nonce);
  const headers = { "cache-control": "no-store" };
  const status = ui === undefined ? 503 : 200;
  return answerGet(request, response, () => ({
    status,
    type: "text/html; charset=utf-8",
    text: page,
    headers,
  }));
}

/** A year, for what never changes under its name (RFC 8246). */
const forever = "public, max-age=31536000, immutable";

function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  { type, bytes, encoded }: UiFile,
): true {
  requireRead(request, response);
  const accepted = codingsOf(request.headers["accept-encoding"]);
  const coding = [...encoded.keys()].find((one) => accepted.has(one));
  const body = (coding === undefined ? undefined : encoded.get(coding)) ?? bytes;
  response.writeHead(200, {
    "content-type": type,
    "content-length": body.byteLength,
    "cache-control": forever,
    vary: "accept-encoding",
    ...(coding === undefined ? {} : { "content-encoding": coding }),
  });
  response.end(request.method === "HEAD" ? undefined : body);
  return true;
}

/** The codings of an `Accept-Encoding` header that are not refused with a weight of 0. */
function codingsOf(header: string | string[] | undefined): ReadonlySet<string> {
  const parts = (header ?? "").toString().split(",");
  const wanted = parts
    .map((part) => part.trim().toLowerCase())
    .filter((part) => !/;\s*q=0(?:\.0*)?$/u.test(part));
  return new Set(wanted.map((part) => (part.split(";")[0] ?? "").trim()));
}
