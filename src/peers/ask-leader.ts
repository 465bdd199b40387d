import type { IncomingMessage } from "node:http";
import { Agent, request as openRequest } from "node:https";
import type { TLSSocket } from "node:tls";
import { isMooringError, MooringError } from "#core/errors/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { abortErrorOf, throwIfAborted } from "#runtime/abort.ts";
import type { Clock } from "#runtime/clock.ts";
import type { Ask, Calls, PeerCredentials } from "./calls.ts";
import { callPath, controllerIdentity, maxAnswerBytes, maxRequestBytes, notLeadingHeader } from "./calls.ts";
import { readBody } from "./read-body.ts";
import { parseWireError } from "./wire-error.ts";

/** Where the controller that leads is asked. */
export interface Leader {
  /** `host:port`; undefined while nobody leads, or the one who does cannot be asked. */
  readonly address: () => string | undefined;
  /** Calls back whenever the address has become another one. */
  readonly onMove: (listener: () => void) => Disposable;
}

export interface LeaderAskOptions {
  readonly leader: Leader;
  readonly credentials: () => PeerCredentials;
  /** A connection came to nothing or broke off: certificates may have been renewed. */
  readonly onDistrust: () => void;
  readonly clock: Clock;
  /** How long a call waits for a controller that leads; 25 seconds, in which a lease runs out and another one begins, unless told. */
  readonly waitMs?: number;
}

const usualWaitMs = 25_000;
const retryMs = 200;
const connectTimeoutMs = 5_000;
const keepAliveMs = 10_000;

/** Nobody has answered a call. */
class Unanswered extends Error {
  readonly #wasSent: boolean;

  constructor(address: string, { wasSent, cause }: { readonly wasSent: boolean; readonly cause: unknown }) {
    super(`${address}: ${describe(cause)}`, { cause });
    this.#wasSent = wasSent;
  }

  /** Whether it may have been begun. */
  get wasSent(): boolean {
    return this.#wasSent;
  }
}

/**
 * Asks the controller that leads, whichever that is by now. What nobody takes waits until somebody leads; what broke off is asked once more,
 * since it only reads. Throws what the controller threw, API_TOO_LARGE, and API_CLOSING when nobody answers.
 */
export function createLeaderAsk(options: LeaderAskOptions): { readonly ask: Ask } & Disposable {
  const agent = new Agent({ keepAlive: true, maxSockets: 64, maxCachedSessions: 0, timeout: 0 });
  const ask = async (method: keyof Calls, request: unknown, signal: AbortSignal): Promise<JsonValue> => {
    const body = Buffer.from(JSON.stringify(request));
    if (body.length > maxRequestBytes) {
      throw new MooringError(
        "API_TOO_LARGE",
        `${method}: the request has ${body.length} bytes, and a controller takes ${maxRequestBytes}; send less`,
      );
    }
    const { clock, waitMs = usualWaitMs } = options;
    const giveUpMs = clock.now() + waitMs;
    let breaks = 0;
    for (;;) {
      throwIfAborted(signal);
      try {
        return await post({ ...options, agent, method, body, signal });
      } catch (error) {
        if (!(error instanceof Unanswered)) throw error;
        if (error.wasSent) breaks += 1;
        if (breaks > 1 || clock.now() >= giveUpMs) throw nobodyAnswers(error);
      }
      await clock.sleep(retryMs, signal);
    }
  };
  return { ask: ask as unknown as Ask, [Symbol.dispose]: () => agent.destroy() };
}

function nobodyAnswers(cause: Unanswered): MooringError {
  const problem = `the controller does not answer (${cause.message}); see whether one runs and leads, with --internal-address where it is no pod, or try again in a moment`;
  return new MooringError("API_CLOSING", problem, { cause });
}

interface Post extends LeaderAskOptions {
  readonly agent: Agent;
  readonly method: keyof Calls;
  readonly body: Buffer;
  readonly signal: AbortSignal;
}

async function post(call: Post): Promise<JsonValue> {
  const { leader, signal, onDistrust } = call;
  const address = leader.address();
  if (address === undefined)
    throw new Unanswered("no address", { wasSent: false, cause: "no controller leads" });
  // A leader that is gone without a word leaves calls that nobody ends.
  const moved = new AbortController();
  using _move = leader.onMove(() => moved.abort());
  const sent = { is: false };
  try {
    const either = AbortSignal.any([signal, moved.signal]);
    const response = await send(call, address, { sent, signal: either });
    // What is not read to its end must not hold the connection.
    using _response = { [Symbol.dispose]: () => void (response.complete || response.destroy()) };
    const value = await readBody(response, { maxBytes: maxAnswerBytes, subject: `answer of ${address}` });
    if (response.headers[notLeadingHeader] !== undefined)
      throw new Unanswered(address, { wasSent: false, cause: "does not lead" });
    if (response.statusCode !== 200) throw parseWireError(value);
    return value;
  } catch (error) {
    if (signal.aborted) throw abortErrorOf(signal);
    if (isMooringError(error) || error instanceof Unanswered) throw error;
    // With TLS 1.3 a server refuses a certificate only after the client has begun to send, and may do so by closing.
    const wasSent = sent.is && !isOfTls(error);
    onDistrust();
    throw new Unanswered(address, { wasSent, cause: error });
  }
}

function isOfTls(error: unknown): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code?.startsWith("ERR_SSL_") === true;
}

interface Sending {
  readonly sent: { is: boolean };
  readonly signal: AbortSignal;
}

/** Connections on which both have shown who they are; a request that waited for one does not see that happen. */
const connected = new WeakSet<TLSSocket>();

function send(
  { agent, method, body, credentials }: Post,
  address: string,
  { sent, signal }: Sending,
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const { hostname, port } = new URL(`https://${address}`);
  const { ca, cert, key } = credentials();
  const outgoing = openRequest({
    agent,
    host: hostname.replaceAll(/[[\]]/gu, ""),
    port,
    method: "POST",
    path: callPath + method,
    headers: { "content-type": "application/json", "content-length": body.length },
    // Whatever its address is, it has to show the certificate of a controller.
    servername: controllerIdentity,
    ca: [...ca],
    cert,
    key,
    minVersion: "TLSv1.3",
    signal,
  });
  outgoing.once("response", resolve);
  outgoing.once("error", reject);
  outgoing.once("socket", (socket: TLSSocket) => {
    if (connected.has(socket)) {
      sent.is = true;
      return;
    }
    socket.setKeepAlive(true, keepAliveMs);
    const late = setTimeout(() => outgoing.destroy(new Error("no connection within 5 s")), connectTimeoutMs);
    outgoing.once("close", () => clearTimeout(late));
    socket.once("secureConnect", () => {
      connected.add(socket);
      sent.is = true;
      clearTimeout(late);
    });
  });
  outgoing.end(body);
  return promise;
}

function describe(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const { code } = cause as NodeJS.ErrnoException;
  return code ?? cause.message;
}
