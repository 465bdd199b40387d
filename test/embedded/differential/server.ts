import type { IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from "node:https";

/** An API server under test: the real one or ours. */
export interface ServerUnderTest {
  readonly name: string;
  readonly url: string;
  readonly token: string;
  /** PEM. */
  readonly ca: string;
}

/** One request of a script; `$ns` in paths and bodies is the script's own namespace. */
export interface ScriptRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly accept?: string;
}

export interface Answer {
  readonly code: number;
  /** Parsed when it is JSON. */
  readonly body: unknown;
  readonly warnings: readonly string[];
}

/** What a server says that closes the connection instead of answering. */
const noAnswer: Answer = { code: 0, body: undefined, warnings: [] };

const agents = new Map<string, HttpsAgent>();

/** Sends one request; `$ns` and the like have been filled in. */
export async function send(server: ServerUnderTest, call: ScriptRequest): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const options = { ...requestOptions(server, call), agent: agentOf(server) };
  const outgoing = httpsRequest(`${server.url}${call.path}`, options, (response) => {
    readAnswer(response).then(resolve, reject);
  });
  outgoing.once("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "ECONNRESET") resolve(noAnswer);
    else reject(error);
  });
  outgoing.end(call.body === undefined ? undefined : textOf(call.body));
  return promise;
}

/** How a call is made, but for the connection that it takes. */
export function requestOptions({ ca, token }: ServerUnderTest, call: ScriptRequest): RequestOptions {
  const { body, method, accept = "application/json", contentType = "application/json" } = call;
  const headers = { authorization: `Bearer ${token}`, accept, "user-agent": "differential/1.0" };
  if (body === undefined) return { method, ca, headers };
  // Node frames the body of a DELETE only when told its length.
  const length = Buffer.byteLength(textOf(body));
  return { method, ca, headers: { ...headers, "content-type": contentType, "content-length": length } };
}

export async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const warning = response.headers["warning"];
  return {
    code: response.statusCode ?? 0,
    body: parsed(Buffer.concat(chunks).toString()),
    // Several are one header.
    warnings: warning === undefined ? [] : warning.split(/, (?=299 - )/),
  };
}

function textOf(body: unknown): string {
  return typeof body === "string" ? body : JSON.stringify(body);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return text;
  }
}

function agentOf({ url, ca }: ServerUnderTest): HttpsAgent {
  const known = agents.get(url);
  if (known !== undefined) return known;
  const agent = new HttpsAgent({ ca, keepAlive: true, maxSockets: 32 });
  agents.set(url, agent);
  return agent;
}
