import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from "node:http";
import { request as requestPlain } from "node:http";
import { request as requestSecure } from "node:https";
import type { Readable } from "node:stream";
import type { RegistryAccess } from "#core/repo/index.ts";
import { abortErrorOf } from "#runtime/abort.ts";
import { endpointOf } from "#runtime/socket.ts";
import type { Subject } from "../registry-error.ts";
import { chartError } from "../registry-error.ts";
import type { Way } from "./connections.ts";
import { classifyAddress } from "./address-class.ts";
import { Connections, wayTo } from "./connections.ts";
import { HostLanes } from "./host-lanes.ts";
import { codeOf, translateNetworkError } from "./network-error.ts";
import { isSameServer, serverOf } from "./origin.ts";
import { proxyOf } from "./proxy-of.ts";
import { statusError } from "./status-error.ts";

export interface HttpQuestion {
  readonly access: RegistryAccess;
  readonly subject: Subject;
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** The `Authorization` that this URL may see; asked again for every redirect. */
  readonly authorize?: (url: URL) => string | undefined;
  /** A server that belongs to the repository, such as its token service: trusted like it, but not shown its client certificate. */
  readonly related?: { readonly server: URL; readonly mayBeInternal: boolean };
  /** Statuses other than 200 that are answers and no errors. */
  readonly answers?: readonly number[];
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable;
  /** Where it came from, after redirects. */
  readonly url: URL;
  /** The server is at a loopback or private address. */
  readonly internal: boolean;
}

export interface HttpClientOptions {
  readonly connectTimeoutMs: number;
  /** A server that says nothing for so long is given up. */
  readonly idleTimeoutMs: number;
  /** Time for one question with its redirects and the whole answer. */
  readonly totalTimeoutMs: number;
  readonly requestsPerHost: number;
  /** Hosts that may be at internal addresses though nobody configured a repository there. */
  readonly internalHosts: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

type Consume<T> = (answer: HttpAnswer) => Promise<T>;
type Outcome<T> = { readonly redirect: URL } | { readonly value: T };

const maxRedirects = 10;
const userAgent = "mooring/0.1.0";

/**
 * GET requests over HTTP/1.1. Credentials and client certificates go to the repository's own server only; redirects are followed as far
 * as they lead to public addresses and keep TLS.
 */
export class HttpClient implements Disposable {
  readonly #options: HttpClientOptions;
  readonly #connections: Connections;
  readonly #lanes: HostLanes;

  constructor(options: HttpClientOptions) {
    this.#options = options;
    this.#connections = new Connections(options.connectTimeoutMs);
    this.#lanes = new HostLanes(options.requestsPerHost);
  }

  [Symbol.dispose](): void {
    this.#connections[Symbol.dispose]();
  }

  /** Asks, and hands the answer over to be read before the connection is given back. Throws CHART_ errors and AbortError. */
  async get<T>(question: HttpQuestion, consume: Consume<T>): Promise<T> {
    const { totalTimeoutMs } = this.#options;
    const timeout = AbortSignal.timeout(totalTimeoutMs);
    const signal = AbortSignal.any([question.signal, timeout]);
    let { url } = question;
    try {
      for (let hops = 0; hops <= maxRedirects; hops += 1) {
        const hop = { ...question, url, signal };
        const outcome = await this.#lanes.run(url.host, async () => await this.#hop(hop, consume), signal);
        if ("value" in outcome) return outcome.value;
        url = outcome.redirect;
      }
    } catch (error) {
      if (question.signal.aborted) throw abortErrorOf(question.signal);
      if (!timeout.aborted) throw error;
      const text = `${url.host}: no whole answer within ${totalTimeoutMs / 1000} s; check the server and the network`;
      throw chartError("CHART_TIMEOUT", question.subject, { text, cause: error });
    }
    throw refuseRedirect(question.subject, `more than ${maxRedirects} redirects`);
  }

  async #hop<T>(question: HttpQuestion, consume: Consume<T>): Promise<Outcome<T>> {
    const { subject, url } = question;
    try {
      const answer = await this.#send(question, this.#wayOf(question));
      try {
        const redirect = redirectOf(answer, question);
        if (redirect !== undefined) return { redirect };
        const status = answer.statusCode ?? 0;
        if (status !== 200 && question.answers?.includes(status) !== true) {
          throw statusError(subject, url.host, { status, headers: answer.headers });
        }
        const internal = classifyAddress(answer.socket.remoteAddress ?? "") === "internal";
        return { value: await consume({ status, headers: answer.headers, body: answer, url, internal }) };
      } finally {
        giveBack(answer);
      }
    } catch (error) {
      throw translateNetworkError(subject, url.host, error);
    }
  }

  #wayOf({ access, url, related }: HttpQuestion): Way {
    const own = isSameServer(serverOf(access), url);
    const isRelated = related !== undefined && isSameServer(related.server, url);
    const mayBeInternal =
      (own && access.mayBeInternal) ||
      (isRelated && related.mayBeInternal) ||
      this.#options.internalHosts.includes(endpointOf(url).host);
    const proxy = proxyOf(url, access, this.#options.environment);
    return wayTo(access, { own, related: isRelated, mayBeInternal, proxy });
  }

  /** A kept-alive connection may have been closed by the server just now: then the request is made once more. */
  async #send(question: HttpQuestion, way: Way): Promise<IncomingMessage> {
    const first = this.#open(question, way);
    try {
      return await first.answer;
    } catch (error) {
      const stale = first.request.reusedSocket && ["ECONNRESET", "EPIPE"].includes(codeOf(error));
      if (!stale || question.signal.aborted) throw error;
      return await this.#open(question, way).answer;
    }
  }

  #open(
    { url, headers, authorize, signal }: HttpQuestion,
    way: Way,
  ): { readonly request: ClientRequest; readonly answer: Promise<IncomingMessage> } {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const authorization = authorize?.(url);
    const open = url.protocol === "https:" ? requestSecure : requestPlain;
    const { host, port } = endpointOf(url);
    const request = open(
      {
        agent: this.#connections.agentFor(way, url.protocol),
        host,
        port,
        path: url.pathname + url.search,
        headers: {
          host: url.host,
          "user-agent": userAgent,
          "accept-encoding": "identity",
          ...headers,
          ...(authorization !== undefined && { authorization }),
        },
        signal,
      },
      resolve,
    );
    request.setTimeout(this.#options.idleTimeoutMs, () => {
      request.destroy(Object.assign(new Error("the server went silent"), { code: "ETIMEDOUT" }));
    });
    request.on("error", reject);
    request.end();
    return { request, answer: promise };
  }
}

/** An answer that was not read to its end takes its connection with it. */
function giveBack(answer: IncomingMessage): void {
  if (!answer.readableEnded) answer.destroy();
}

function redirectOf(answer: IncomingMessage, { url, subject }: HttpQuestion): URL | undefined {
  const { location } = answer.headers;
  if (![301, 302, 303, 307, 308].includes(answer.statusCode ?? 0) || location === undefined) return undefined;
  const target = URL.parse(location, url.href);
  if (target === null || !["https:", "http:"].includes(target.protocol)) {
    throw refuseRedirect(subject, `${url.host} redirects to what is no HTTP address`);
  }
  if (url.protocol === "https:" && target.protocol === "http:") {
    throw refuseRedirect(subject, `${url.host} redirects from https to http at ${target.host}`);
  }
  return target;
}

function refuseRedirect(subject: Subject, what: string): Error {
  return chartError("CHART_REFUSED", subject, { text: `${what}; use the final URL` });
}
