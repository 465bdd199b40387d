import type { RegistryAccess } from "#core/repo/index.ts";
import type { Clock } from "#runtime/clock.ts";
import { basicOf } from "../http/authorization.ts";
import type { HttpClient } from "../http/http-client.ts";
import { isSameServer } from "../http/origin.ts";
import { readBody } from "../http/read-body.ts";
import type { Subject } from "../registry-error.ts";
import { chartError } from "../registry-error.ts";
import type { Challenge } from "./challenge.ts";
import { parseChallenge } from "./challenge.ts";

/** A registry's answer that asks for a login. */
export interface Refused {
  readonly challenge: string;
  readonly registry: URL;
  /** The registry is at an internal address, so its token service may be, too. */
  readonly internal: boolean;
}

export interface LoginRequest {
  readonly access: RegistryAccess;
  readonly subject: Subject;
  /** What the token shall permit; undefined for a mere login. */
  readonly scope: string | undefined;
  readonly signal: AbortSignal;
}

interface Login {
  readonly authorization: string;
  readonly untilMs: number;
}

const maxTokenBytes = 1024 * 1024;
/** What the token specification assumes when the service does not say. */
const defaultLifeMs = 60_000;
const marginMs = 10_000;
const maxLogins = 10_000;

/** Logins at registries, kept as long as they are good: basic, or a token of the service that the registry names. */
export class RegistryLogins {
  readonly #client: HttpClient;
  readonly #clock: Clock;
  readonly #logins = new Map<string, Login>();

  constructor(client: HttpClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  /** The `Authorization` that was good last time. */
  known(key: string): string | undefined {
    const login = this.#logins.get(key);
    return login !== undefined && login.untilMs > this.#clock.now() ? login.authorization : undefined;
  }

  /** Meets a challenge; throws CHART_AUTH when that is impossible. */
  async answer(key: string, refused: Refused, request: LoginRequest): Promise<string> {
    const challenge = parseChallenge(refused.challenge);
    const login =
      challenge?.scheme === "bearer"
        ? await this.#askForToken(challenge, refused, request)
        : { authorization: this.#basic(challenge, request), untilMs: Number.POSITIVE_INFINITY };
    this.#logins.delete(key);
    this.#logins.set(key, login);
    const [oldest] = this.#logins.keys();
    if (this.#logins.size > maxLogins && oldest !== undefined) this.#logins.delete(oldest);
    return login.authorization;
  }

  #basic(challenge: Challenge | undefined, { access, subject }: LoginRequest): string {
    const authorization = basicOf(access.credentials);
    if (challenge?.scheme === "basic" && authorization !== undefined) return authorization;
    const text =
      challenge === undefined
        ? "the registry asks for a login of a kind that is not supported; use one with basic or token authentication"
        : "the registry asks for a user name and password; add them: repo add";
    throw chartError("CHART_AUTH", subject, { text });
  }

  async #askForToken(
    challenge: Challenge & { readonly scheme: "bearer" },
    { registry, internal }: Refused,
    { access, subject, scope, signal }: LoginRequest,
  ): Promise<Login> {
    const url = URL.parse(challenge.realm, registry.href);
    if (url === null || !["https:", "http:"].includes(url.protocol)) {
      throw chartError("CHART_INVALID", subject, {
        text: "the registry names no token service that could be asked",
      });
    }
    if (registry.protocol === "https:" && url.protocol === "http:") {
      const text = `the registry wants its token from ${url.host} over http; credentials are not sent from https to http`;
      throw chartError("CHART_REFUSED", subject, { text });
    }
    url.username = "";
    url.password = "";
    if (challenge.service !== undefined) url.searchParams.set("service", challenge.service);
    if (scope !== undefined) url.searchParams.set("scope", scope);
    const question = {
      access,
      subject: { ...subject, text: `${subject.text}: token` },
      url,
      authorize: (hop: URL) => (isSameServer(url, hop) ? basicOf(access.credentials) : undefined),
      related: { server: url, mayBeInternal: internal },
      signal,
    };
    const limit = { maxBytes: maxTokenBytes, subject, what: "the token" };
    const body = await this.#client.get(question, async (answer) => await readBody(answer, limit));
    const token = parseToken(body.toString("utf8"));
    if (token === undefined) {
      throw chartError("CHART_INVALID", subject, {
        text: `the token service at ${url.host} answers without a token`,
      });
    }
    const untilMs = this.#clock.now() + Math.max(token.lifeMs ?? defaultLifeMs, defaultLifeMs) - marginMs;
    return { authorization: `Bearer ${token.text}`, untilMs };
  }
}

function parseToken(
  text: string,
): { readonly text: string; readonly lifeMs: number | undefined } | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const fields = value as Readonly<Record<string, unknown>>;
  const token = fields["token"] ?? fields["access_token"];
  const life = fields["expires_in"];
  // What is no token must not end up as a second header.
  if (typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token)) return undefined;
  return { text: token, lifeMs: typeof life === "number" ? life * 1000 : undefined };
}
