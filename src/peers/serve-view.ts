import { constants } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Server, ServerOptions } from "node:https";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { isIPv6 } from "node:net";
import type { TLSSocket } from "node:tls";
import { isAbortError, MooringError } from "#core/errors/index.ts";
import { errorCatalog } from "#core/errors/index.ts";
import { isJsonObject } from "#core/object/index.ts";
import type { LiveView } from "#ports/live-view.ts";
import type { Log } from "#runtime/log.ts";
import type { AnswerOptions } from "./answer-calls.ts";
import { answersFrom } from "./answer-calls.ts";
import type { Asks, PeerCredentials } from "./calls.ts";
import { callPath, maxAnswerBytes, maxRequestBytes, notLeadingHeader, serverIdentity } from "./calls.ts";
import { readBody } from "./read-body.ts";
import { formatWireError } from "./wire-error.ts";

export interface ViewServerOptions extends AnswerOptions {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly credentials: PeerCredentials;
  /** Somebody came who is not trusted, or does not trust us: certificates may have been renewed. */
  readonly onDistrust: () => void;
  readonly log: Log;
}

export interface ViewServer extends AsyncDisposable {
  /** `host:port`. */
  readonly address: string;
  /** The view that answers from now on; undefined while this controller does not lead, which ends the calls in hand. */
  readonly use: (view: LiveView | undefined) => void;
  /** For connections from now on. */
  readonly useCredentials: (credentials: PeerCredentials) => void;
}

interface Leading {
  readonly asks: Asks;
  readonly ended: AbortController;
}

const handshakeTimeoutMs = 10_000;
const headersTimeoutMs = 10_000;
const requestTimeoutMs = 60_000;
/** The servers of a control plane are few. */
const maxConnections = 1_000;

/** Answers what the server asks of a view, over TLS and only to who has a server's certificate. Throws what node:net says of an address that cannot be listened at. */
export async function startViewServer(options: ViewServerOptions): Promise<ViewServer> {
  let leading: Leading | undefined;
  const server = createServer(
    {
      ...tlsOf(options.credentials),
      // A connection that is taken up again would not show its certificate.
      secureOptions: constants.SSL_OP_NO_TICKET,
      handshakeTimeout: handshakeTimeoutMs,
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
    },
    (request, response) => void answer(request, response, { leading, log: options.log }),
  );
  server.maxConnections = maxConnections;
  server.on("tlsClientError", ({ code }: NodeJS.ErrnoException, { authorizationError }) => {
    // Probes connect and go away again, which says nothing about certificates; whom we refuse ends by the same code.
    const isRefused = (authorizationError as unknown) !== null && authorizationError !== undefined;
    if (code !== "ECONNRESET" || isRefused) options.onDistrust();
  });
  server.listen({ host: options.host, port: options.port });
  await once(server, "listening");
  server.on("error", (error) => options.log.error("internal API", { error: error.message }));
  const { port } = server.address() as AddressInfo;
  const use = (view: LiveView | undefined): void => {
    leading?.ended.abort();
    leading =
      view === undefined ? undefined : { asks: answersFrom(view, options), ended: new AbortController() };
  };
  return {
    address: `${isIPv6(options.host) ? `[${options.host}]` : options.host}:${port}`,
    use,
    useCredentials: (credentials) => server.setSecureContext(tlsOf(credentials)),
    [Symbol.asyncDispose]: async () => {
      use(undefined);
      await close(server);
    },
  };
}

function tlsOf({ ca, cert, key }: PeerCredentials) {
  return {
    ca: [...ca],
    cert,
    key,
    minVersion: "TLSv1.3",
    requestCert: true,
    rejectUnauthorized: true,
  } as const satisfies ServerOptions;
}

async function close(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}

interface AnswerContext {
  readonly leading: Leading | undefined;
  readonly log: Log;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { leading, log }: AnswerContext,
): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  // Whoever breaks off has ended the call; there is nobody to tell it.
  request.on("error", () => gone.abort());
  response.on("error", () => gone.abort());
  try {
    refuseStranger(request);
    const asked = await readBody(request, {
      maxBytes: maxRequestBytes,
      subject: "internal API: the request",
    });
    if (leading === undefined) throw notLeading();
    send(response, 200, await run(request, asked, { leading, signal: gone.signal }));
  } catch (error) {
    if (gone.signal.aborted) return;
    const isAway = leading === undefined || leading.ended.signal.aborted;
    if (isAway) response.setHeader(notLeadingHeader, "true");
    const told = isAway || isAbortError(error) ? notLeading(error) : error;
    const { code, ...rest } = formatWireError(told, log);
    const { http } = errorCatalog[code as keyof typeof errorCatalog];
    // What was not read of a request that is too large would be taken for the next one.
    if (!request.complete) response.setHeader("connection", "close");
    send(response, http, { code, ...rest });
  }
}

async function run(
  request: IncomingMessage,
  asked: unknown,
  { leading, signal }: { readonly leading: Leading; readonly signal: AbortSignal },
): Promise<unknown> {
  const name = (request.url ?? "").slice(callPath.length);
  if (request.method !== "POST" || request.url !== callPath + name || !isMethod(leading.asks, name)) {
    throw new MooringError(
      "API_UNIMPLEMENTED",
      `internal API: ${JSON.stringify(name)} is not known; run the controller and the server in one version`,
    );
  }
  if (!isJsonObject(asked)) {
    throw new MooringError("API_INVALID_ARGUMENT", `internal API: ${name} takes an object`);
  }
  const ask = leading.asks[name] as (asked: unknown, signal: AbortSignal) => Promise<unknown>;
  const value = await ask(asked, AbortSignal.any([signal, leading.ended.signal]));
  leading.ended.signal.throwIfAborted();
  return value;
}

function isMethod(asks: Asks, name: string): name is keyof Asks {
  return Object.hasOwn(asks, name);
}

function notLeading(cause?: unknown): MooringError {
  const problem =
    "this controller does not lead, so it knows nothing of what lives in clusters; ask the one that leads";
  return new MooringError("API_CLOSING", problem, { cause });
}

/** The authority signs certificates for controllers, too. Throws API_FORBIDDEN for who shows none of a server. */
function refuseStranger({ socket }: IncomingMessage): void {
  const { subject } = (socket as TLSSocket).getPeerCertificate();
  if (subject?.CN === serverIdentity) return;
  throw new MooringError(
    "API_FORBIDDEN",
    `internal API: only ${serverIdentity} may ask, and the certificate names somebody else`,
  );
}

function send(response: ServerResponse, status: number, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value));
  if (body.length > maxAnswerBytes) {
    send(response, errorCatalog.API_TOO_LARGE.http, {
      code: "API_TOO_LARGE",
      message: `internal API: the answer has ${body.length} bytes, of which ${maxAnswerBytes} may be sent; split the application`,
    });
    return;
  }
  response.writeHead(status, { "content-type": "application/json", "content-length": body.length });
  response.end(body);
}
