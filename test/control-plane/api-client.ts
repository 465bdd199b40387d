import { Agent, request } from "node:https";
import type { ControlPlaneAccess } from "./kubeconfig.ts";

export type ApiAccess = Pick<ControlPlaneAccess, "server" | "caCertificate" | "token">;

export interface ApiRequest {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** With its query, such as `/api/v1/namespaces?limit=5`. */
  readonly path: string;
  readonly body?: unknown;
  /** `application/json` unless told. */
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

/** An answer of the API server that is not 2xx. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

const agents = new Map<string, Agent>();

/** One request to the API server; the answer's body, parsed. Throws `ApiError` unless it is a 2xx. */
export async function callApi<T = KubernetesObject>(access: ApiAccess, call: ApiRequest): Promise<T> {
  return JSON.parse(await callApiText(access, call)) as T;
}

/** The same for answers that are no JSON object, such as those of `/readyz` and of a watch. */
export async function callApiText(access: ApiAccess, call: ApiRequest): Promise<string> {
  const { status, text } = await send(access, call);
  if (status < 200 || status > 299) {
    throw new ApiError(`${call.method ?? "GET"} ${call.path}: answered ${status}: ${reasonIn(text)}`, status);
  }
  return text;
}

/** As much of any object as the tests here look at. */
export interface KubernetesObject {
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly uid: string };
  // oxlint-disable-next-line typescript/no-explicit-any -- tests assert on fields of every kind
  readonly [field: string]: any;
}

function send(access: ApiAccess, call: ApiRequest): Promise<{ status: number; text: string }> {
  const body = call.body === undefined ? undefined : JSON.stringify(call.body);
  const headers = {
    authorization: `Bearer ${access.token}`,
    accept: "application/json",
    ...(body === undefined ? {} : { "content-type": call.contentType ?? "application/json" }),
  };
  const { method = "GET", signal } = call;
  const options = { method, headers, agent: agentFor(access), ...(signal === undefined ? {} : { signal }) };
  return new Promise((resolve, reject) => {
    const outgoing = request(`${access.server}${call.path}`, options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("error", reject);
      response.once("end", () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") }),
      );
    });
    outgoing.once("error", reject);
    outgoing.end(body);
  });
}

function agentFor({ server, caCertificate }: ApiAccess): Agent {
  const known = agents.get(caCertificate + server);
  if (known !== undefined) return known;
  const agent = new Agent({ ca: caCertificate, keepAlive: true, maxSockets: 16 });
  agents.set(caCertificate + server, agent);
  return agent;
}

function reasonIn(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: string };
    return message ?? text;
  } catch (error) {
    if (error instanceof SyntaxError) return text.slice(0, 500);
    throw error;
  }
}
