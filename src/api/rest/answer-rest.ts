import type { IncomingMessage, ServerResponse } from "node:http";
import { once } from "node:events";
import { setImmediate as nextTurn } from "node:timers/promises";
import { MooringError } from "#core/errors/index.ts";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonObject } from "#core/object/index.ts";
import type { ApiFailure } from "../answer-code.ts";
import { failureOf } from "../answer-code.ts";
import type { Origin } from "../call.ts";
import { invalidField, withoutNulls, writeMessage } from "../contract/codec/index.ts";
import type { Dispatcher } from "../dispatch.ts";
import { hasLongList, jsonParts } from "./json-parts.ts";
import { parseFields } from "./pick-fields.ts";
import { parseBody, readBody } from "./read-body.ts";
import { readQuery, setField } from "./read-query.ts";
import type { RestTarget, RouteTree } from "./route-tree.ts";

export interface RestOptions {
  readonly dispatcher: Dispatcher;
  readonly routes: RouteTree;
  readonly maxBodyBytes: number;
  readonly onBug: (error: unknown) => void;
}

interface RestCall {
  readonly target: RestTarget;
  readonly request: JsonObject;
  readonly origin: Origin;
  /** What of the answer is wanted. */
  readonly pick: (answer: JsonObject) => JsonObject;
}

/**
 * Answers a request under `/api/` by the method that its path names; false when no method has the path. Nothing is thrown: what goes
 * wrong is told to the client.
 */
export async function answerRest(
  request: IncomingMessage,
  response: ServerResponse,
  options: RestOptions & { readonly origin: Origin },
): Promise<boolean> {
  const { routes, onBug, origin } = options;
  const address = URL.parse(request.url ?? "/", "http://localhost");
  if (address === null) return false;
  const { pathname, searchParams } = address;
  const match = routes.find(pathname);
  if (match === undefined) return false;
  try {
    const target = match.targets.get(isHead(response) ? "GET" : (request.method ?? "GET"));
    if (target === undefined) throw wrongVerb(response, [...match.targets.keys()]);
    const body = await readBody(request, options.maxBodyBytes);
    const values = target.fields.map((name, index) => ({ name, texts: [match.values[index] ?? ""] }));
    const pick = parseFields(searchParams.get("fields")) ?? ((answer: JsonObject) => answer);
    const call = { target, request: requestOf(target, { query: searchParams, body, values }), origin, pick };
    if (target.method.methodKind === "server_streaming")
      await stream(call, { request, response, ...options });
    else await answer(call, response, options);
  } catch (error) {
    fail(response, failureOf(error, onBug));
  }
  return true;
}

/** Whether the answer is to be what GET would answer, without its body (RFC 9110, section 9.3.2). */
function isHead({ req }: ServerResponse): boolean {
  return req.method === "HEAD";
}

function wrongVerb(response: ServerResponse, verbs: readonly string[]): MooringError {
  response.setHeader("allow", verbs.flatMap((verb) => (verb === "GET" ? [verb, "HEAD"] : [verb])).join(", "));
  return new MooringError("API_METHOD_NOT_ALLOWED", `use ${verbs.join(" or ")} here`);
}

interface Parts {
  readonly query: URLSearchParams;
  readonly body: Buffer;
  readonly values: readonly { readonly name: string; readonly texts: readonly string[] }[];
}

/** The request that path, query and body make up; the path wins over the body, which wins over the query. */
function requestOf({ method, body: bodyField }: RestTarget, { query, body, values }: Parts): JsonObject {
  const { input } = method;
  let request: Record<string, JsonValue | undefined> = { ...readQuery(input, query) };
  const given = bodyField === "" ? undefined : parseBody(body);
  if (bodyField === "*" && given !== undefined && given !== null) {
    if (!isJsonObject(given)) throw invalidField("the body", "an object", given);
    // Unlike an assignment this makes `__proto__` a field as any other.
    request = { ...request, ...given };
  } else if (bodyField !== "*" && given !== undefined) {
    request[bodyField] = given;
  }
  for (const value of values) setField(input, request, value);
  // Only to have every field's type checked: methods work on the JSON.
  writeMessage(input, request);
  return withoutNulls(input, request);
}

async function answer(
  { target, request, origin, pick }: RestCall,
  response: ServerResponse,
  { dispatcher }: RestOptions,
): Promise<void> {
  const { method } = target;
  const answered =
    method.methodKind === "unary"
      ? await dispatcher.unary(method, request, origin)
      : await dispatcher.clientStream(method, justOne(request), origin);
  const picked = pick(answered);
  if (hasLongList(picked)) await sendParts(response, picked, origin.signal);
  else send(response, 200, JSON.stringify(picked));
}

/** Writes a long answer bit by bit: it is never held as one text, and others are heard meanwhile. */
async function sendParts(response: ServerResponse, answered: JsonObject, signal: AbortSignal): Promise<void> {
  response.writeHead(200, { "content-type": "application/json" });
  for (const part of isHead(response) ? [] : jsonParts(answered)) {
    await write(response, part, signal);
    await nextTurn();
  }
  response.end();
}

async function* justOne(request: JsonObject): AsyncIterable<JsonObject> {
  yield await Promise.resolve(request);
}

interface Streaming extends RestOptions {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Server-sent events for who asks for them (WHATWG HTML, section 9.2), else a JSON value on each line. */
async function stream(call: RestCall, { request, response, dispatcher, onBug }: Streaming): Promise<void> {
  const isEvents = request.headers.accept?.includes("text/event-stream") === true;
  const frame = (value: JsonObject): string =>
    isEvents ? `data: ${JSON.stringify(value)}\n\n` : `${JSON.stringify(value)}\n`;
  const { method } = call.target;
  const begin = (): void => {
    if (response.headersSent) return;
    response.writeHead(200, {
      "content-type": isEvents ? "text/event-stream" : "application/json",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    });
    response.flushHeaders();
  };
  // What is refused is refused at once; a client that waits for something to happen shall know that it does.
  const silent = setTimeout(() => {
    begin();
    if (isHead(response)) response.end();
  }, silentMs);
  try {
    for await (const result of dispatcher.serverStream(method, call.request, call.origin)) {
      begin();
      if (isHead(response)) break;
      await write(response, frame(call.pick({ result })), call.origin.signal);
    }
    begin();
  } catch (error) {
    if (!response.headersSent) throw error;
    if (!call.origin.signal.aborted) {
      await write(response, frame({ error: bodyOf(failureOf(error, onBug)) }), call.origin.signal);
    }
  } finally {
    clearTimeout(silent);
  }
  response.end();
}

/** A stream that has told nothing for so long begins all the same. */
const silentMs = 1_000;

/** Writes, and waits while the client reads slower than we write. */
async function write(response: ServerResponse, text: string, signal: AbortSignal): Promise<void> {
  const isTaken = response.write(text);
  if (!isTaken) await once(response, "drain", { signal });
}

function bodyOf({ code, message }: ApiFailure): JsonObject {
  return { error: message, code, message };
}

/** Tells a client what went wrong, as Argo CD's gateway does. */
export function fail(response: ServerResponse, failure: ApiFailure): void {
  if (response.headersSent) {
    response.end();
    return;
  }
  if (failure.http === 401) response.setHeader("www-authenticate", "Bearer");
  send(response, failure.http, JSON.stringify(bodyOf(failure)));
}

function send(response: ServerResponse, status: number, text: string): void {
  const body = Buffer.from(text);
  response.writeHead(status, { "content-type": "application/json", "content-length": body.byteLength });
  response.end(isHead(response) ? undefined : body);
}
