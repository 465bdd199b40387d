import { Agent as PlainAgent, request as requestPlain } from "node:http";
import type { ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import { Agent as SecureAgent, request as requestSecure } from "node:https";
import { rootCertificates } from "node:tls";
import { MooringError, isMooringError, messageOf } from "#core/errors/index.ts";

export interface EgressOptions {
  /** PEM of authorities that are trusted besides the usual ones. */
  readonly rootCa: string | undefined;
  readonly skipsTlsVerification: boolean;
  /** Where proxies are named: `HTTPS_PROXY`, `NO_PROXY`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Another server that answers for an origin and path, such as Dex for `/api/dex` of this one. */
  readonly instead?: { readonly of: string; readonly server: string } | undefined;
}

interface Question {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly signal: AbortSignal;
}

/** Asks over HTTP; what is answered is whole when it resolves. Throws API_SSO_UNREACHABLE and API_SSO_INVALID. */
export type Egress = (url: string, question: Question) => Promise<Response>;

const timeoutMs = 10_000;
const maxAnswerBytes = 1024 * 1024;

/**
 * The one way to the identity provider: with its authorities, within a time and a size, through the environment's proxy, and without
 * following redirects.
 */
export function createEgress(options: EgressOptions): Egress & Disposable {
  const keep = { keepAlive: true, maxSockets: 8, proxyEnv: { ...options.environment } };
  const ca = options.rootCa === undefined ? {} : { ca: [...rootCertificates, options.rootCa] };
  const secure = new SecureAgent({ ...keep, ...ca, rejectUnauthorized: !options.skipsTlsVerification });
  const plain = new PlainAgent(keep);
  const egress = async (url: string, question: Question): Promise<Response> => {
    const to = new URL(serverOf(url, options.instead));
    const signal = AbortSignal.any([question.signal, AbortSignal.timeout(timeoutMs)]);
    const { method, headers } = question;
    const open = (how: RequestOptions) =>
      to.protocol === "https:"
        ? requestSecure(to, { ...how, agent: secure })
        : requestPlain(to, { ...how, agent: plain });
    try {
      return await send(open({ method, headers, signal }), question.body, to);
    } catch (error) {
      if (isMooringError(error) || question.signal.aborted) throw error;
      throw new MooringError(
        "API_SSO_UNREACHABLE",
        `identity provider ${to.host}: does not answer: ${signal.aborted ? `not within ${timeoutMs / 1_000} s` : messageOf(error)}; check issuer and rootCA of oidc.config and the network`,
        { cause: error },
      );
    }
  };
  return Object.assign(egress, {
    [Symbol.dispose]: () => {
      secure.destroy();
      plain.destroy();
    },
  });
}

function serverOf(url: string, instead: EgressOptions["instead"]): string {
  if (instead === undefined) return url;
  const { of, server } = instead;
  return url === of || url.startsWith(`${of}/`) ? server + url.slice(of.length) : url;
}

async function send(request: ClientRequest, body: string | undefined, to: URL): Promise<Response> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request.once("response", resolve).once("error", reject);
  request.end(body);
  const answer = await promise;
  const bytes = await readAnswer(answer, to);
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  const status = answer.statusCode ?? 502;
  const hasBody = status !== 204 && status !== 304;
  return new Response(hasBody ? bytes.toString("utf8") : null, { status, headers });
}

async function readAnswer(answer: IncomingMessage, to: URL): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxAnswerBytes) {
      answer.destroy();
      throw new MooringError(
        "API_SSO_INVALID",
        `identity provider ${to.host}: the answer at ${to.pathname} has more than ${maxAnswerBytes} bytes; correct issuer of oidc.config`,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
