import { once } from "node:events";
import { request as requestHttp } from "node:http";
import { Readable } from "node:stream";
import type { InProcessCluster } from "#embedded/index.ts";
import type { HttpRequest, HttpResponse, Transport } from "#kube/index.ts";
import type { Clock } from "#runtime/clock.ts";
import type { Faults, RequestFault } from "../faults.ts";
import { connectionReset, passWatch } from "./pass-watch.ts";

/** Told of a request before it is carried out; what it gives is told of the cluster's answer, whether that arrives or not. */
export interface Tap {
  (request: HttpRequest, sent: Sent): (status: number) => void;
}

export interface Sent {
  /** It was under way for so long that whoever sent it has given up. */
  readonly isLate: boolean;
}

export interface NetworkOptions {
  readonly cluster: InProcessCluster;
  readonly clock: Clock;
  /** None for people who sit next to the cluster. */
  readonly faults?: Faults;
  readonly tap?: Tap;
  /** True while no connection to the cluster can be made. */
  readonly isDown?: () => boolean;
}

/** Longer than a client waits for the answer to a read, 30 seconds, or to a write, 60. */
const lateMs = 61_000;

/** How one process reaches one cluster. */
export class Network implements Transport {
  readonly #options: NetworkOptions;
  readonly #watches = new Set<Readable>();
  #isCut = false;

  constructor(options: NetworkOptions) {
    this.#options = options;
  }

  async send(request: HttpRequest): Promise<HttpResponse> {
    try {
      if (this.#isCut) return await never();
      const answer = await this.#pass(request);
      if (this.#isCut) return await never();
      return isWatch(request) && answer.status === 200 ? this.#watch(answer) : answer;
    } catch (error) {
      if (this.#isCut) return never();
      throw error;
    }
  }

  rotate(): void {
    return undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const body of this.#watches) body.destroy();
  }

  /** The process is gone: no request of it reaches anything any more, and no answer reaches it. */
  cut(): void {
    this.#isCut = true;
    for (const body of this.#watches) body.destroy();
  }

  /** All watches end as if their connections broke. */
  breakWatches(): void {
    for (const body of this.#watches) body.destroy(connectionReset());
  }

  async #pass(request: HttpRequest): Promise<HttpResponse> {
    const { clock, faults, isDown } = this.#options;
    const fault = faults?.forRequest();
    await clock.sleep(faults?.latencyMs() ?? 1, request.signal);
    if (this.#isCut) return never();
    if (isDown?.() === true) throw refused();
    return this.#meet(fault, request);
  }

  async #meet(fault: RequestFault | undefined, request: HttpRequest): Promise<HttpResponse> {
    switch (fault) {
      case undefined:
        return this.#carryOut(request);
      case "refused":
        throw refused();
      case "throttled":
        return answerWith(429, "TooManyRequests", { "retry-after": "1" });
      case "failed":
        return answerWith(500, "InternalError");
      case "conflict":
        return hasPrecondition(request) ? answerWith(409, "Conflict") : this.#carryOut(request);
      case "answer-lost": {
        const { body } = await this.#carryOut(request);
        body.destroy();
        throw connectionReset();
      }
      case "late":
        return this.#carryOutLate(request);
      case "hanging":
        await once(request.signal, "abort");
        throw aborted();
      default:
        throw new Error(`unhandled fault: ${JSON.stringify(fault satisfies never)}`);
    }
  }

  /** It lies in a queue for so long that whoever asked has given up, and is carried out all the same. */
  async #carryOutLate(request: HttpRequest): Promise<HttpResponse> {
    const { signal } = new AbortController();
    await this.#options.clock.sleep(lateMs, signal);
    const answer = this.#isCut ? undefined : await this.#carryOut({ ...request, signal }, { isLate: true });
    if (answer !== undefined && !request.signal.aborted) return answer;
    answer?.body.destroy();
    throw aborted();
  }

  async #carryOut(request: HttpRequest, sent: Sent = { isLate: false }): Promise<HttpResponse> {
    const { promise, resolve, reject } = Promise.withResolvers<HttpResponse>();
    const { cluster, tap } = this.#options;
    const onAnswer = tap?.(request, sent);
    const { path, method, headers, signal } = request;
    const outgoing = requestHttp(
      { createConnection: () => cluster.connect(), host: "simulated", path, method, headers, signal },
      (incoming) => {
        const { statusCode: status = 0, headers: answered } = incoming;
        onAnswer?.(status);
        resolve({ status, headers: answered, body: incoming });
      },
    );
    outgoing.on("error", reject);
    outgoing.end(request.body);
    return promise;
  }

  #watch(answer: HttpResponse): HttpResponse {
    const { clock, faults } = this.#options;
    const body = passWatch(answer.body, { clock, faults });
    this.#watches.add(body);
    body.once("close", () => this.#watches.delete(body));
    return { ...answer, body };
  }
}

function isWatch({ path }: HttpRequest): boolean {
  return /[?&]watch=(?:1|true)(?:&|$)/.test(path);
}

/** A write that is refused when the object is another one by now. */
function hasPrecondition({ method, body }: HttpRequest): boolean {
  if (!["PATCH", "PUT", "DELETE"].includes(method)) return false;
  const text = body === undefined ? "" : Buffer.from(body).toString("utf8");
  return text.includes('"resourceVersion":') || text.includes('"uid":');
}

function answerWith(code: number, reason: string, headers: Record<string, string> = {}): HttpResponse {
  const message = `simulated: ${reason}`;
  const status = { kind: "Status", apiVersion: "v1", status: "Failure", message, reason, code };
  const body = Readable.from([Buffer.from(JSON.stringify(status))]);
  return { status: code, headers: { "content-type": "application/json", ...headers }, body };
}

function refused(): Error {
  return Object.assign(new Error("simulated: nothing listens there"), { code: "ECONNREFUSED" });
}

function aborted(): Error {
  return new DOMException("aborted", "AbortError");
}

/** What a process that is gone waits for. */
function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}
