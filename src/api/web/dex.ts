import type { ClientRequest, IncomingMessage, ServerResponse } from "node:http";
import { Agent as PlainAgent, request as requestPlain } from "node:http";
import { Agent as SecureAgent, request as requestSecure } from "node:https";
import { pipeline } from "node:stream/promises";
import type { AuthSettings } from "#core/accounts/index.ts";
import { MooringError, isMooringError, messageOf } from "#core/errors/index.ts";
import type { Origin } from "../call.ts";
import { untilGone } from "../rest/read-body.ts";
import type { WebHandler } from "../server/serve.ts";
import { answerHeaders, questionHeaders } from "./dex-headers.ts";

export interface DexOptions {
  /** As they are now. */
  readonly settings: () => AuthSettings;
  /** Where the Dex beside the server listens, such as `http://argocd-dex-server:5556`; undefined when there is none. */
  readonly dexServer: string | undefined;
  /** Where proxies are named: `HTTPS_PROXY`, `NO_PROXY`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly limits?: DexLimits;
}

interface DexLimits {
  readonly maxRequestBytes: number;
  readonly maxAnswerBytes: number;
  /** From the request to the end of the answer. */
  readonly timeoutMs: number;
}

const megabyte = 1_048_576;
/** A form of a provider may hold a signed answer with a person's groups. */
const usualLimits: DexLimits = {
  maxRequestBytes: 2 * megabyte,
  maxAnswerBytes: 16 * megabyte,
  timeoutMs: 30_000,
};

const prefix = "/api/dex";

/**
 * Hands what comes below `/api/dex` to the Dex beside the server, where `dex.config` says that there is one. Dex sees none of our cookies
 * and nothing of a request but what OAuth needs; bodies go through as they come, within limits.
 */
export function dexRelay(options: DexOptions): WebHandler & Disposable {
  const { settings, dexServer, environment, limits = usualLimits } = options;
  const agents = openAgents(environment);
  const relay: WebHandler = async (request, response, origin) => {
    const address = URL.parse(request.url ?? "/", "http://localhost");
    const { sso, url, skipsTlsVerification } = settings();
    if (address === null || !isBelow(address.pathname) || sso?.kind !== "dex") return false;
    if (url === undefined || dexServer === undefined) return false;
    // Dex serves below the path of its issuer, which is below ours.
    const path = new URL(`${url}${address.pathname}${address.search}`);
    const to = new URL(`${path.pathname}${path.search}`, dexServer);
    const late = AbortSignal.timeout(limits.timeoutMs);
    const signal = AbortSignal.any([origin.signal, late]);
    try {
      const asked = open(to, { request, origin, agents, signal, isVerified: !skipsTlsVerification });
      await exchange({ request, response, asked }, limits);
    } catch (error) {
      // A part of an answer must not look like all of it.
      if (response.headersSent) response.destroy();
      else if (isMooringError(error) || origin.signal.aborted) throw error;
      else
        throw unreachable(
          to,
          late.aborted ? `not within ${limits.timeoutMs / 1_000} s` : messageOf(error),
          error,
        );
    }
    return true;
  };
  return Object.assign(relay, { [Symbol.dispose]: () => agents.close() });
}

function isBelow(pathname: string): boolean {
  return pathname === prefix || pathname.startsWith(`${prefix}/`);
}

interface Agents {
  readonly plain: PlainAgent;
  readonly secure: SecureAgent;
  readonly close: () => void;
}

function openAgents(environment: DexOptions["environment"]): Agents {
  const keep = { keepAlive: true, maxSockets: 64, proxyEnv: { ...environment } };
  const [plain, secure] = [new PlainAgent(keep), new SecureAgent(keep)];
  return {
    plain,
    secure,
    close: () => {
      plain.destroy();
      secure.destroy();
    },
  };
}

interface Opening {
  readonly request: IncomingMessage;
  readonly origin: Origin;
  readonly agents: Agents;
  readonly signal: AbortSignal;
  readonly isVerified: boolean;
}

function open(to: URL, { request, origin, agents, signal, isVerified }: Opening): ClientRequest {
  const how = { method: request.method ?? "GET", headers: questionHeaders(request, origin), signal };
  return to.protocol === "https:"
    ? requestSecure(to, { ...how, agent: agents.secure, rejectUnauthorized: isVerified })
    : requestPlain(to, { ...how, agent: agents.plain });
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly asked: ClientRequest;
}

async function exchange({ request, response, asked }: Exchange, limits: DexLimits): Promise<void> {
  const { maxRequestBytes, maxAnswerBytes } = limits;
  if (Number(request.headers["content-length"] ?? 0) > maxRequestBytes) {
    asked.on("error", () => undefined).destroy();
    throw tooLarge("the body", maxRequestBytes);
  }
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  asked.once("response", resolve).once("error", reject);
  // Dex may answer before it has read all; what is left is of no use then, and neither is how sending it ended.
  pipeline(atMost(untilGone(request), { what: "the body", bytes: maxRequestBytes }), asked).catch(reject);
  const answer = await promise;
  for (const [name, value] of answerHeaders(answer)) response.setHeader(name, value);
  response.writeHead(answer.statusCode ?? 502);
  await pipeline(atMost(answer, { what: "the answer", bytes: maxAnswerBytes }), response);
}

async function* atMost(
  chunks: AsyncIterable<Uint8Array>,
  { what, bytes }: { readonly what: string; readonly bytes: number },
): AsyncGenerator<Uint8Array> {
  let seen = 0;
  for await (const chunk of chunks) {
    seen += chunk.byteLength;
    if (seen > bytes) throw tooLarge(what, bytes);
    yield chunk;
  }
}

function tooLarge(what: string, bytes: number): MooringError {
  return new MooringError("API_TOO_LARGE", `${what} is over ${bytes} bytes; nothing of Dex needs so many`);
}

function unreachable(to: URL, why: string, cause: unknown): MooringError {
  return new MooringError(
    "API_SSO_UNREACHABLE",
    `Dex at ${to.host}: does not answer: ${why}; check that it runs, and ARGOCD_SERVER_DEX_SERVER`,
    { cause },
  );
}
