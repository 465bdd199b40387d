import { isAbortError, MooringError } from "#core/errors/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import type { ForgeSettings } from "#ports/forge.ts";

const timeoutMs = 30_000;
const maxAnswerBytes = 32 * 1024 * 1024;

export interface Answer {
  readonly status: number;
  readonly body: JsonValue | undefined;
}

/** Asking again later may help. */
export class TryLater extends Error {
  readonly afterMs: number | undefined;
  readonly failure: MooringError;

  constructor(failure: MooringError, afterMs: number | undefined) {
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

/** One call after the other to one forge. */
export class ForgeClient {
  readonly #settings: ForgeSettings;
  readonly #signal: AbortSignal;

  /** Throws CONFIG_INVALID for an address that a token must not be sent to. */
  constructor(settings: ForgeSettings, signal: AbortSignal) {
    const { protocol, hostname } = parseUrl(settings.apiUrl);
    const isHere = ["127.0.0.1", "[::1]", "localhost"].includes(hostname);
    if (protocol !== "https:" && !(protocol === "http:" && isHere))
      throw new MooringError(
        "CONFIG_INVALID",
        `API of ${settings.kind}: a token is sent by https only; correct the URL`,
      );
    this.#settings = settings;
    this.#signal = signal;
  }

  /** Throws `FORGE_` errors, and TryLater. */
  async call({ method, path, body, expects = [] }: Call): Promise<Answer> {
    const response = await this.#send(method, path, body);
    const { status, headers } = response;
    const answer = await this.#read(response, path);
    if (response.ok || expects.includes(status)) return { status, body: answer };
    const said = viewString(answer, "message")?.slice(0, 200);
    const what = `${this.#name}: ${method} ${path} answered ${status}${said === undefined ? "" : ` (${said})`}`;
    const isLimit =
      status === 429 ||
      (status === 403 && (headers.has("retry-after") || headers.get("x-ratelimit-remaining") === "0"));
    if (isLimit || status >= 500) {
      const failure = new MooringError("FORGE_UNREACHABLE", `${what}; try again later`);
      throw new TryLater(failure, retryAfterMs(headers));
    }
    if (status === 401 || status === 403)
      throw new MooringError("FORGE_AUTH", `${what}; give the token the right to do that`);
    throw new MooringError(
      "FORGE_REFUSED",
      `${what}; check the repository, the number and the URL of the API`,
    );
  }

  get #name(): string {
    return `${this.#settings.kind} at ${new URL(this.#settings.apiUrl).host}`;
  }

  async #send(method: string, path: string, body: JsonValue | undefined): Promise<Response> {
    const { kind, apiUrl, token } = this.#settings;
    const authorization: Record<string, string> =
      kind === "github" ? { authorization: `Bearer ${token}` } : { "private-token": token };
    try {
      return await fetch(`${apiUrl.replace(/\/+$/u, "")}${path}`, {
        method,
        redirect: "manual",
        headers: {
          ...authorization,
          accept: "application/json",
          "content-type": "application/json",
          "user-agent": "mooring",
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.any([this.#signal, AbortSignal.timeout(timeoutMs)]),
      });
    } catch (error) {
      throw this.#unreachable(path, error);
    }
  }

  async #read(response: Response, path: string): Promise<JsonValue | undefined> {
    try {
      const chunks: Uint8Array[] = [];
      let size = 0;
      for await (const chunk of response.body ?? []) {
        size += chunk.length;
        if (size > maxAnswerBytes)
          throw new MooringError(
            "FORGE_REFUSED",
            `${this.#name}: ${path}: the answer is larger than 32 MiB; check the URL of the API`,
          );
        chunks.push(chunk);
      }
      return parseJson(Buffer.concat(chunks).toString("utf8"));
    } catch (error) {
      throw error instanceof MooringError ? error : this.#unreachable(path, error);
    }
  }

  #unreachable(path: string, cause: unknown): unknown {
    if (this.#signal.aborted || isAbortError(cause)) return cause;
    const message = `${this.#name}: ${path} cannot be reached; check the network and the URL of the API`;
    return new TryLater(new MooringError("FORGE_UNREACHABLE", message, { cause }), undefined);
  }
}

function parseUrl(text: string): URL {
  try {
    return new URL(text);
  } catch (error) {
    throw new MooringError("CONFIG_INVALID", `API of the forge: that is no URL; correct it`, {
      cause: error,
    });
  }
}

/** Undefined for what is no JSON, such as the page of a proxy. */
function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

function retryAfterMs(headers: Headers): number | undefined {
  const seconds = Number(headers.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : undefined;
}
