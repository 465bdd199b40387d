import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import type { ClusterConnection, Impersonation } from "#core/cluster/connection.ts";
import { isAbortError, isMooringError, messageOf, MooringError } from "#core/errors/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { backoffDelay } from "#runtime/backoff.ts";
import type { Clock } from "#runtime/clock.ts";
import type { Credentials } from "../config/credentials.ts";
import { abortErrorOf } from "#runtime/abort.ts";
import { startDeadline } from "#runtime/deadline.ts";
import { parseJsonText, readBody } from "./body.ts";
import { retryOf, translateNetworkError } from "./network-error.ts";
import { retryAfterOf, type Subject, translateStatus } from "./status-error.ts";
import type { HttpRequest, HttpResponse, Transport } from "./transport.ts";

export interface KubeRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path and query. */
  readonly path: string;
  readonly subject: Subject;
  readonly body?: JsonValue;
  readonly contentType?: string;
  readonly accept?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Largest answer, after decompression. */
  readonly maxBytes?: number;
  readonly timeoutMs?: number;
  /** The request may reach the server twice without harm, so it is repeated after a cut connection. */
  readonly repeatable: boolean;
  readonly compressed?: boolean;
  /** Error statuses that are answers, such as 404 for a read. */
  readonly answers?: readonly number[];
}

interface TextAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

interface KubeAnswer extends Omit<TextAnswer, "text"> {
  /** Undefined when the body is empty. */
  readonly value: JsonValue | undefined;
}

/** Requests to one API server: login, limits, deadlines, retries, and errors in Mooring's terms. */
export interface KubeClient {
  json(request: KubeRequest, signal: AbortSignal): Promise<KubeAnswer>;
  /** The answer unread, for those who may know it already. */
  text(request: KubeRequest, signal: AbortSignal): Promise<TextAnswer>;
  /** The body of a successful answer as it comes, such as a watch; the deadline covers only its head. */
  stream(request: KubeRequest, signal: AbortSignal): Promise<Readable>;
  /** The same client making every request as someone else. */
  as(impersonation: Impersonation): KubeClient;
}

export interface ClientOptions {
  readonly connection: ClusterConnection;
  readonly transport: Transport;
  /** Carries long-lived streams, so that they do not take the places of requests. */
  readonly streamTransport: Transport;
  readonly credentials: Credentials;
  readonly clock: Clock;
  readonly random: () => number;
}

const defaultTimeoutMs = 30_000;
const defaultMaxBytes = 16 * 1024 * 1024;
/** The API server's own limit on request bodies. */
const maxRequestBytes = 3 * 1024 * 1024;
const maxErrorBytes = 256 * 1024;
const maxTries = 5;
const maxRetryAfterMs = 30_000;
const backoff = { baseMs: 200, factor: 2, maxMs: 5_000, jitter: 0.5 };
const userAgent = "mooring/0.1.0";

export function startClient(options: ClientOptions): KubeClient {
  return clientAs(options, options.connection.impersonate);
}

function clientAs(options: ClientOptions, impersonation: Impersonation | undefined): KubeClient {
  const identity = impersonation === undefined ? {} : impersonationHeaders(impersonation);
  const context = { ...options, identity };
  return {
    json: async (request, signal) => {
      const { text, ...answer } = await withRetries(request, context, { signal, run: askOnce });
      return { ...answer, value: parseAnswer(request, text) };
    },
    text: (request, signal) => withRetries(request, context, { signal, run: askOnce }),
    stream: (request, signal) => withRetries(request, context, { signal, run: streamOnce }),
    as: (other) => clientAs(options, other),
  };
}

interface Context extends ClientOptions {
  readonly identity: Readonly<Record<string, string | string[]>>;
}

interface Attempt<T> {
  readonly signal: AbortSignal;
  run(request: KubeRequest, context: Context, signal: AbortSignal): Promise<T>;
}

async function withRetries<T>(request: KubeRequest, context: Context, attempt: Attempt<T>): Promise<T> {
  let renewed = false;
  for (let tries = 0; ; tries += 1) {
    if (attempt.signal.aborted) throw abortErrorOf(attempt.signal);
    try {
      return await attempt.run(request, context, attempt.signal);
    } catch (error) {
      const failure =
        error instanceof Refusal ? error.failure : translateNetworkError(context.connection.server, error);
      const renewable = !renewed && isMooringError(failure, "KUBE_UNAUTHORIZED");
      if (renewable && context.credentials.forget()) {
        renewed = true;
        continue;
      }
      if (isAbortError(failure) || tries + 1 >= maxTries || !mayRepeat(request, failure, error))
        throw failure;
      const asked = failure instanceof MooringError ? failure.retryAfterMs : undefined;
      const wait = Math.max(
        backoffDelay(tries, backoff, context.random),
        Math.min(asked ?? 0, maxRetryAfterMs),
      );
      await context.clock.sleep(wait, attempt.signal);
    }
  }
}

/** An error status, on its way from one try to whoever decides about the next. */
class Refusal extends Error {
  readonly failure: MooringError;
  readonly status: number;

  constructor(failure: MooringError, status: number) {
    super(failure.message);
    this.failure = failure;
    this.status = status;
  }
}

/** A throttled request was not carried out; nor was one answered with Retry-After. Others must be repeatable. */
function mayRepeat(request: KubeRequest, failure: Error, cause: unknown): boolean {
  if (cause instanceof Refusal) {
    if (cause.status === 429 || cause.failure.retryAfterMs !== undefined) return true;
    return request.repeatable && [502, 503, 504].includes(cause.status);
  }
  const retry = failure instanceof MooringError && failure !== cause ? retryOf(cause) : "never";
  return retry === "safe" || (retry === "repeatable" && request.repeatable);
}

async function askOnce(request: KubeRequest, context: Context, signal: AbortSignal): Promise<TextAnswer> {
  const timeoutMs = request.timeoutMs ?? defaultTimeoutMs;
  using deadline = startDeadline(signal, timeoutMs, context.clock);
  try {
    const outgoing = await prepare(request, context, deadline.signal);
    const response = await context.transport.send(outgoing);
    const answered = response.status < 400 || request.answers?.includes(response.status) === true;
    if (!answered) throw await refusalOf(request, response, context);
    const text = (await readBody(response, request.maxBytes ?? defaultMaxBytes)).toString("utf8");
    return { status: response.status, headers: response.headers, text };
  } catch (error) {
    if (signal.aborted) throw abortErrorOf(signal);
    if (deadline.expired) throw timedOut(request, timeoutMs, error);
    throw error;
  }
}

async function streamOnce(request: KubeRequest, context: Context, signal: AbortSignal): Promise<Readable> {
  const timeoutMs = request.timeoutMs ?? defaultTimeoutMs;
  const controller = new AbortController();
  const follow = (): void => controller.abort(abortErrorOf(signal));
  signal.addEventListener("abort", follow, { once: true });
  let expired = false;
  using _timer = context.clock.after(timeoutMs, () => {
    expired = true;
    controller.abort(new DOMException("deadline reached", "AbortError"));
  });
  try {
    const outgoing = await prepare(request, context, controller.signal);
    const response = await context.streamTransport.send(outgoing);
    if (response.status >= 400) throw await refusalOf(request, response, context);
    response.body.once("close", () => signal.removeEventListener("abort", follow));
    return response.body;
  } catch (error) {
    signal.removeEventListener("abort", follow);
    if (signal.aborted) throw abortErrorOf(signal);
    if (expired) throw timedOut(request, timeoutMs, error);
    throw error;
  }
}

async function prepare(request: KubeRequest, context: Context, signal: AbortSignal): Promise<HttpRequest> {
  const { authorization } = await context.credentials.read(signal);
  const body = request.body === undefined ? undefined : Buffer.from(JSON.stringify(request.body));
  if (body !== undefined && body.length > maxRequestBytes) {
    throw new MooringError(
      "KUBE_TOO_LARGE",
      `${request.subject.text}: ${body.length} bytes are more than the API server takes (${maxRequestBytes}); split it`,
      { key: request.subject.text },
    );
  }
  const compressed = request.compressed === true && context.connection.disableCompression !== true;
  return {
    method: request.method,
    path: request.path,
    signal,
    headers: {
      accept: request.accept ?? "application/json",
      "user-agent": userAgent,
      ...context.identity,
      ...request.headers,
      ...(authorization === undefined ? {} : { authorization }),
      ...(compressed ? { "accept-encoding": "gzip" } : {}),
      ...(body === undefined
        ? {}
        : { "content-type": request.contentType ?? "application/json", "content-length": `${body.length}` }),
    },
    ...(body === undefined ? {} : { body }),
  };
}

async function refusalOf(request: KubeRequest, response: HttpResponse, context: Context): Promise<Refusal> {
  const body = parseJsonText((await readBody(response, maxErrorBytes)).toString("utf8"));
  const retryAfterMs = retryAfterOf(response.headers["retry-after"], body, context.clock.now());
  const { status } = response;
  return new Refusal(translateStatus(request.subject, { status, retryAfterMs, body }), status);
}

function parseAnswer(request: KubeRequest, text: string): JsonValue | undefined {
  if (text === "") return undefined;
  const value = parseJsonText(text);
  if (value !== undefined) return value;
  throw noJson(request.subject.text);
}

/** An answer of something else than an API server. */
export function noJson(subject: string): MooringError {
  return new MooringError(
    "KUBE_UNREACHABLE",
    `${subject}: the answer is no JSON; check that the server URL is a Kubernetes API server's`,
  );
}

function timedOut(request: KubeRequest, timeoutMs: number, cause: unknown): MooringError {
  const text = `${request.subject.text}: the API server did not answer within ${timeoutMs / 1000} s`;
  return new MooringError("KUBE_TIMEOUT", text, { cause: messageOf(cause) });
}

/** https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation */
function impersonationHeaders(who: Impersonation): Readonly<Record<string, string | string[]>> {
  const extra = Object.entries(who.extra ?? {}).map(([key, values]) => [
    `impersonate-extra-${encodeURIComponent(key).toLowerCase()}`,
    [...values],
  ]);
  return {
    "impersonate-user": who.user,
    ...(who.uid === undefined ? {} : { "impersonate-uid": who.uid }),
    ...(who.groups === undefined || who.groups.length === 0 ? {} : { "impersonate-group": [...who.groups] }),
    ...Object.fromEntries(extra),
  };
}
