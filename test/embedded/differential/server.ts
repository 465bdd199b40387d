import { Agent as HttpsAgent, request as httpsRequest } from "node:https";

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

const agents = new Map<string, HttpsAgent>();

/** Sends one request; `$ns` and the like have been filled in. */
export async function send(server: ServerUnderTest, call: ScriptRequest): Promise<Answer> {
  const body = call.body === undefined ? undefined : textOf(call.body);
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const outgoing = httpsRequest(
    `${server.url}${call.path}`,
    {
      method: call.method,
      agent: agentOf(server),
      headers: {
        authorization: `Bearer ${server.token}`,
        accept: call.accept ?? "application/json",
        "user-agent": "differential/1.0",
        // Node frames the body of a DELETE only when told its length.
        ...(body === undefined
          ? {}
          : {
              "content-type": call.contentType ?? "application/json",
              "content-length": Buffer.byteLength(body),
            }),
      },
    },
    (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("error", reject);
      response.once("end", () => {
        const warning = response.headers["warning"];
        resolve({
          code: response.statusCode ?? 0,
          body: parsed(Buffer.concat(chunks).toString()),
          warnings: warning === undefined ? [] : [warning],
        });
      });
    },
  );
  outgoing.once("error", reject);
  outgoing.end(body);
  return promise;
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
  const agent = new HttpsAgent({ ca, keepAlive: true, maxSockets: 8 });
  agents.set(url, agent);
  return agent;
}
