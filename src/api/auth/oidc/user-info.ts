import { createHash } from "node:crypto";
import type { UserInfoConfig } from "#core/accounts/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonObject, viewNumber, viewString } from "#core/object/index.ts";
import { BoundedMap } from "#runtime/bounded-map.ts";
import type { Clock } from "#runtime/clock.ts";
import { SharedAnswers } from "#runtime/shared-answers.ts";
import type { CookieScope } from "../cookies/cookies.ts";
import { formatChunkedCookie, joinChunkedCookie } from "../cookies/cookies.ts";
import { seal, unseal } from "../cookies/sealed.ts";
import { unauthenticated } from "../tokens/unauthenticated.ts";
import type { OidcProvider } from "./provider.ts";

export const userInfoCookie = "mooring.userinfo";

interface UserInfoOptions {
  readonly provider: OidcProvider;
  readonly config: UserInfoConfig;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

interface Session {
  readonly subject: string;
  readonly expiresAt: number;
}

const purpose = "user info";
const maxKeptLetters = 16 * 1024 * 1024;

/**
 * Groups from the provider's userinfo endpoint, for providers that do not name them in ID tokens. Asking takes an access token, which
 * stays with the browser as a sealed cookie, so that it survives restarts and every replica has it. A client without the cookie, such
 * as the command line, has its groups as long as somebody logged in as the same person in a browser of this replica, as in Argo CD.
 */
export class UserInfo {
  readonly #options: UserInfoOptions;
  readonly #answers: SharedAnswers<readonly string[]>;
  readonly #accessTokens = new BoundedMap<string>(maxKeptLetters);

  constructor(options: UserInfoOptions) {
    const { clock, signal } = options;
    this.#options = options;
    const sizeOf = (groups: readonly string[]) => groups.join("").length + 100;
    this.#answers = new SharedAnswers({
      clock,
      failureMemoryMs: 2_000,
      sizeOf,
      maxBytes: maxKeptLetters,
      signal,
    });
  }

  /** After a login: `Set-Cookie` headers. */
  remember(
    { subject, expiresAt }: Session,
    accessToken: string,
    { signingKey, scope }: { readonly signingKey: Uint8Array; readonly scope: CookieScope },
  ): readonly string[] {
    this.#accessTokens.set(subject, accessToken, accessToken.length);
    const sealed = seal({ subject, accessToken, until: expiresAt }, { signingKey, purpose });
    const maxAge = Math.max(0, expiresAt - Math.floor(this.#options.clock.now() / 1_000));
    return formatChunkedCookie(userInfoCookie, sealed, { ...scope, maxAge });
  }

  /**
   * Groups of a session. Throws API_UNAUTHENTICATED when they cannot be asked for or the provider ended the session: without its groups
   * a session might be permitted what they forbid.
   */
  async groupsOf(
    { subject, expiresAt }: Session,
    {
      cookies,
      signingKey,
    }: { readonly cookies: ReadonlyMap<string, string>; readonly signingKey: Uint8Array },
  ): Promise<readonly string[]> {
    const { clock, config, signal } = this.#options;
    const accessToken = this.#fromCookie(subject, cookies, signingKey) ?? this.#accessTokens.get(subject);
    if (accessToken === undefined) {
      throw unauthenticated(
        "groups come from the provider's userinfo, for which this session has no access token",
      );
    }
    const key = createHash("sha256").update(`${subject}\n${accessToken}`).digest("base64url");
    const untilEndMs = Math.max(1, expiresAt * 1_000 - clock.now());
    return await this.#answers.ask({
      key,
      maxAgeMs: config.cacheMs ?? untilEndMs,
      ask: async (asking, onStart) => {
        onStart();
        return await this.#ask(subject, accessToken, asking);
      },
      signal,
    });
  }

  #fromCookie(
    subject: string,
    cookies: ReadonlyMap<string, string>,
    signingKey: Uint8Array,
  ): string | undefined {
    const sealed = unseal(joinChunkedCookie(cookies, userInfoCookie) ?? "", { signingKey, purpose });
    const isOwn = viewString(sealed, "subject") === subject;
    const isGood = (viewNumber(sealed, "until") ?? 0) * 1_000 > this.#options.clock.now();
    return isOwn && isGood ? viewString(sealed, "accessToken") : undefined;
  }

  async #ask(subject: string, accessToken: string, signal: AbortSignal): Promise<readonly string[]> {
    const { provider, config } = this.#options;
    const url = `${config.baseUrl}${config.path}`;
    const answer = await provider.fetch(url, {
      method: "GET",
      headers: { authorization: `Bearer ${accessToken}`, accept: "application/json" },
      body: undefined,
      redirect: "manual",
      signal,
    });
    if (answer.status === 401) throw unauthenticated("the identity provider ended the session");
    if (answer.status !== 200) throw invalid(url, `answers with status ${answer.status}`);
    const claims = readClaims(url, await answer.text());
    if (viewString(claims, "sub") !== subject) throw unauthenticated("userinfo tells of somebody else");
    return groupsOfClaims(claims);
  }
}

function readClaims(url: string, text: string): JsonObject {
  try {
    const value = JSON.parse(text) as JsonValue;
    if (isJsonObject(value)) return value;
  } catch (error) {
    throw invalid(url, "does not answer with JSON", error);
  }
  throw invalid(url, "does not answer with an object");
}

function invalid(url: string, what: string, cause?: unknown): MooringError {
  return new MooringError(
    "API_SSO_INVALID",
    `identity provider ${url}: ${what}; correct userInfoPath of oidc.config`,
    { cause },
  );
}

/** The claim `groups`: a list, or one name. */
export function groupsOfClaims(claims: JsonObject): readonly string[] {
  const { groups } = claims;
  if (typeof groups === "string") return [groups];
  return Array.isArray(groups) ? groups.filter((group) => typeof group === "string") : [];
}
