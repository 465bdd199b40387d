import type { IncomingHttpHeaders } from "node:http";
import { isAbortError, MooringError } from "#core/errors/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { isJsonArray, viewArray, viewString } from "#core/object/index.ts";
import type { ForgeKind, ForgeSettings } from "#ports/forge.ts";
import type { Clock } from "#runtime/clock.ts";
import { send } from "./send.ts";

export interface Answer {
  readonly status: number;
  readonly body: JsonValue | undefined;
}

/** Asking again later may help. */
export class TryLater extends Error {
  readonly afterMs: number | undefined;
  readonly failure: MooringError;

  constructor(failure: MooringError, afterMs?: number) {
    super(failure.message);
    this.failure = failure;
    this.afterMs = afterMs;
  }
}

interface Call {
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** Below the API's URL. */
  readonly path: string;
  readonly body?: JsonValue;
  /** Statuses that the caller understands. */
  readonly expects?: readonly number[];
}

const maxPages = 100;
/** Gitea gives no more than 50 unless it is told to. */
const pageSizes = { github: 100, gitlab: 100, gitea: 50 } as const;

/** One call after the other to one forge. */
export class ForgeClient {
  readonly #settings: ForgeSettings;
  readonly #signal: AbortSignal;
  readonly #clock: Pick<Clock, "now">;

  /** Throws CONFIG_INVALID for an address that a token must not be sent to. */
  constructor(settings: ForgeSettings, signal: AbortSignal, clock: Pick<Clock, "now">) {
    const { protocol, hostname } = parseUrl(settings.apiUrl);
    const isHere = ["127.0.0.1", "[::1]", "localhost"].includes(hostname);
    if (protocol !== "https:" && !(protocol === "http:" && isHere))
      throw new MooringError(
        "CONFIG_INVALID",
        `API of ${settings.kind}: a token is sent by https only; correct the URL`,
      );
    this.#settings = settings;
    this.#signal = signal;
    this.#clock = clock;
  }

  get kind(): ForgeKind {
    return this.#settings.kind;
  }

  /** Throws `FORGE_` errors, and TryLater. */
  async call({ method, path, body, expects = [] }: Call): Promise<Answer> {
    const { status, headers, text } = await this.#send(method, path, body);
    const answer = parseJson(text);
    const isDone = status >= 200 && status < 300;
    if (isDone || (expects.includes(status) && !isLimit(status, headers))) return { status, body: answer };
    const said = saidIn(answer);
    const what = `${this.#name}: ${method} ${path} answered ${status}${said === "" ? "" : ` (${said})`}`;
    throw this.#failure(what, status, headers);
  }

  /** All items of a list, page by page; `field` holds them where the answer is no list itself. Throws FORGE_REFUSED for a list without end. */
  async list(path: string, field?: string): Promise<readonly JsonValue[]> {
    const items: JsonValue[] = [];
    const size = pageSizes[this.kind];
    for (let page = 1; page <= maxPages; page += 1) {
      const limit = this.kind === "gitea" ? "limit" : "per_page";
      const { body } = await this.call({
        method: "GET",
        path: `${path}${path.includes("?") ? "&" : "?"}${limit}=${size}&page=${page}`,
      });
      const found = field === undefined ? (isJsonArray(body) ? body : []) : viewArray(body, field);
      items.push(...found);
      // A Gitea may be set to give fewer than it is asked for.
      if (found.length === 0 || (this.kind !== "gitea" && found.length < size)) return items;
    }
    throw new MooringError(
      "FORGE_REFUSED",
      `${this.#name}: ${path} has more than ${maxPages} pages; remove some of what is there`,
    );
  }

  /** All items of a list that has no pages. */
  async listWhole(path: string): Promise<readonly JsonValue[]> {
    const { body } = await this.call({ method: "GET", path });
    return isJsonArray(body) ? body : [];
  }

  get #name(): string {
    return `${this.#settings.kind} at ${new URL(this.#settings.apiUrl).host}`;
  }

  #failure(what: string, status: number, headers: IncomingHttpHeaders): Error {
    if (isLimit(status, headers)) {
      const afterMs = this.#retryAfterMs(headers);
      const options = afterMs === undefined ? {} : { retryAfterMs: afterMs };
      return new TryLater(new MooringError("FORGE_THROTTLED", `${what}; try again later`, options), afterMs);
    }
    if (status >= 500) {
      const failure = new MooringError("FORGE_UNREACHABLE", `${what}; try again later`);
      return new TryLater(failure, this.#retryAfterMs(headers));
    }
    const token = this.#settings.tokenName ?? "the token";
    if (status === 401)
      return new MooringError("FORGE_AUTH", `${what}; renew ${token}, which is wrong or has expired`);
    if (status === 403) return new MooringError("FORGE_AUTH", `${what}; give ${token} the right to do that`);
    if (status === 404)
      return new MooringError(
        "FORGE_NOT_FOUND",
        `${what}; check the repository and the number, and that ${token} may see them`,
      );
    return new MooringError(
      "FORGE_REFUSED",
      `${what}; check the repository, the number and the URL of the API`,
    );
  }

  async #send(method: string, path: string, body: JsonValue | undefined) {
    const { kind, apiUrl, token, ca } = this.#settings;
    try {
      return await send(new URL(`${apiUrl.replace(/\/+$/u, "")}${path}`), {
        method,
        headers: {
          ...authorization[kind](token),
          accept: "application/json",
          "content-type": "application/json",
          "user-agent": "mooring",
        },
        body: body === undefined ? undefined : JSON.stringify(body),
        ca,
        signal: this.#signal,
      });
    } catch (error) {
      if (error instanceof MooringError || this.#signal.aborted) throw error;
      throw this.#unreachable(path, error);
    }
  }

  #unreachable(path: string, cause: unknown): Error {
    if (isUntrusted(cause))
      return new MooringError(
        "FORGE_UNTRUSTED",
        `${this.#name}: its certificate is not trusted; give the authority that signed it`,
        { cause },
      );
    const why = isAbortError(cause) ? "did not answer in time" : "cannot be reached";
    const message = `${this.#name}: ${path} ${why}; check the network and the URL of the API`;
    return new TryLater(new MooringError("FORGE_UNREACHABLE", message, { cause }));
  }

  #retryAfterMs(headers: IncomingHttpHeaders): number | undefined {
    const seconds = Number(headers["retry-after"] ?? Number.NaN);
    if (Number.isFinite(seconds) && seconds >= 0) return seconds * 1_000;
    const reset = Number(headers["x-ratelimit-reset"] ?? headers["ratelimit-reset"] ?? Number.NaN);
    return Number.isFinite(reset) ? Math.max(0, reset * 1_000 - this.#clock.now()) : undefined;
  }
}

function isLimit(status: number, headers: IncomingHttpHeaders): boolean {
  if (status === 429) return true;
  return status === 403 && (headers["retry-after"] !== undefined || headers["x-ratelimit-remaining"] === "0");
}

const authorization: Record<ForgeKind, (token: string) => Record<string, string>> = {
  github: (token) => ({ authorization: `Bearer ${token}` }),
  gitlab: (token) => ({ "private-token": token }),
  gitea: (token) => ({ authorization: `token ${token}` }),
};

function parseUrl(text: string): URL {
  try {
    return new URL(text);
  } catch (error) {
    throw new MooringError("CONFIG_INVALID", `API of the forge: that is no URL; correct it`, {
      cause: error,
    });
  }
}

function isUntrusted(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  return /CERT|UNABLE_TO_|ISSUER/u.test(String(error.code));
}

/** Undefined for what is no JSON, such as the page of a proxy. */
function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

/** What an answer says of a failure, short. */
export function saidIn(answer: JsonValue | undefined): string {
  return (viewString(answer, "message") ?? viewString(answer, "error") ?? "").slice(0, 200);
}
