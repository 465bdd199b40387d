import { createRemoteJWKSet, customFetch as jwksFetch, decodeJwt, jwtVerify } from "jose";
import type { JWTPayload, RemoteJWKSet } from "jose";
import {
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  None,
  allowInsecureRequests,
  customFetch,
  discovery,
} from "openid-client";
import type { ClientAuth, CustomFetchOptions, ServerMetadata } from "openid-client";
import { MooringError, isMooringError, messageOf } from "#core/errors/index.ts";
import type { Clock } from "#runtime/clock.ts";
import { SharedAnswers } from "#runtime/shared-answers.ts";
import { clockToleranceSeconds, tokenError } from "../tokens/verify-own-token.ts";
import { unauthenticated } from "../tokens/unauthenticated.ts";
import type { Egress } from "./egress.ts";
import type { Sso } from "./resolve-sso.ts";

export interface ProviderOptions {
  readonly sso: Sso;
  readonly egress: Egress;
  readonly clock: Clock;
  /** The content of the file that proves the workload's identity to Azure. */
  readonly readClientAssertion: () => Promise<string>;
  readonly signal: AbortSignal;
}

/** Claims of an ID token whose signature, issuer, audience and times are in order. */
export type IdTokenClaims = JWTPayload & { readonly sub: string; readonly iat: number; readonly exp: number };

interface Known {
  readonly configuration: Configuration;
  readonly keys: RemoteJWKSet;
  readonly algorithms: readonly string[];
}

const discoveryAgeMs = 3_600_000;
const failureMemoryMs = 5_000;
/** Not a secret shared with the provider: then a client could make tokens, and never none. */
const signatures = new Set([
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
]);

/** One identity provider: what it says of itself, and the keys it signs with, kept as long as they may be. */
export class OidcProvider {
  readonly #options: ProviderOptions;
  readonly #known: SharedAnswers<Known>;

  constructor(options: ProviderOptions) {
    this.#options = options;
    this.#known = new SharedAnswers({ clock: options.clock, failureMemoryMs, signal: options.signal });
  }

  get sso(): Sso {
    return this.#options.sso;
  }

  /** Throws API_SSO_UNREACHABLE and API_SSO_INVALID. */
  async configuration(signal: AbortSignal): Promise<Configuration> {
    return (await this.#ask(signal)).configuration;
  }

  /**
   * Checks an ID token. The keys are asked for again when one is not among them, at most twice a minute. Throws API_UNAUTHENTICATED
   * for a token that is not in order, API_SSO_UNREACHABLE when nobody can tell.
   */
  async verifyIdToken(token: string, signal: AbortSignal): Promise<IdTokenClaims> {
    const { issuer, audiences, acceptsNoAudience } = this.sso;
    const { keys, algorithms } = await this.#ask(signal);
    try {
      const isAnybodys = acceptsNoAudience && decodeJwt(token).aud === undefined;
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        algorithms: [...algorithms],
        requiredClaims: ["exp", "iat", "sub"],
        clockTolerance: clockToleranceSeconds,
        currentDate: new Date(this.#options.clock.now()),
        ...(isAnybodys ? {} : { audience: [...audiences] }),
      });
      if (typeof payload.sub !== "string" || payload.sub === "")
        throw unauthenticated("the token's sub is empty");
      return payload as IdTokenClaims;
    } catch (error) {
      throw tokenError(error);
    }
  }

  /** As `fetch`, the way to the provider. */
  readonly fetch = async (url: string, options: CustomFetchOptions): Promise<Response> => {
    const { method, headers, body } = options;
    return await this.#options.egress(url, {
      method,
      headers,
      // Forms are all that is sent.
      body: body instanceof URLSearchParams ? body.toString() : undefined,
      signal: options.signal ?? this.#options.signal,
    });
  };

  async #ask(signal: AbortSignal): Promise<Known> {
    const ask = async (_signal: AbortSignal, onStart: () => void) => {
      onStart();
      return await this.#discover();
    };
    return await this.#known.ask({ key: "", maxAgeMs: discoveryAgeMs, ask, signal });
  }

  async #discover(): Promise<Known> {
    const { issuer, clientId } = this.sso;
    const isPlain = issuer.startsWith("http://");
    const found = await discovery(new URL(issuer), clientId, undefined, None(), {
      [customFetch]: this.fetch,
      // Where the issuer itself is not https, its endpoints are not either.
      execute: isPlain ? [allowInsecureRequests] : [],
    }).catch((error: unknown) => {
      throw ssoError(`${issuer}: discovery failed`, error);
    });
    const metadata = found.serverMetadata();
    const configuration = new Configuration(metadata, clientId, undefined, this.#clientAuth(metadata));
    configuration[customFetch] = this.fetch;
    if (isPlain) allowInsecureRequests(configuration);
    return { configuration, keys: this.#keysOf(metadata), algorithms: algorithmsOf(metadata) };
  }

  #keysOf(metadata: ServerMetadata): RemoteJWKSet {
    const { issuer } = this.sso;
    const uri = URL.parse(metadata.jwks_uri ?? "");
    if (uri === null || (uri.protocol !== "https:" && issuer.startsWith("https:"))) {
      throw new MooringError(
        "API_SSO_INVALID",
        `identity provider ${issuer}: jwks_uri of its configuration is no https URL; correct issuer of oidc.config`,
      );
    }
    return createRemoteJWKSet(uri, {
      [jwksFetch]: async (url, { method, headers, signal }) => {
        const question = { method, headers: Object.fromEntries(headers), body: undefined, signal };
        const answer = await this.#options.egress(url, question);
        if (answer.status === 200) return answer;
        throw new MooringError(
          "API_SSO_UNREACHABLE",
          `identity provider ${issuer}: answers with status ${answer.status} where its keys are; look at its log`,
        );
      },
    });
  }

  #clientAuth(metadata: ServerMetadata): ClientAuth {
    const { clientSecret, usesWorkloadIdentity } = this.sso;
    if (usesWorkloadIdentity) return this.#proveByWorkload;
    if (clientSecret === undefined) return None();
    const methods = metadata.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
    return methods.includes("client_secret_basic")
      ? ClientSecretBasic(clientSecret)
      : ClientSecretPost(clientSecret);
  }

  readonly #proveByWorkload: ClientAuth = async (_as, client, body) => {
    body.set("client_id", client.client_id);
    body.set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    body.set("client_assertion", (await this.#options.readClientAssertion()).trim());
  };
}

function algorithmsOf(metadata: ServerMetadata): readonly string[] {
  const offered = (metadata.id_token_signing_alg_values_supported ?? []).filter((each) =>
    signatures.has(each),
  );
  return offered.length === 0 ? ["RS256"] : offered;
}

/** What went wrong between the server and the provider, without anything that it was asked or answered with. */
export function ssoError(what: string, error: unknown): unknown {
  const cause = error instanceof Error ? error.cause : undefined;
  if (isMooringError(error)) return error;
  if (isMooringError(cause)) return cause;
  return new MooringError(
    "API_SSO_INVALID",
    `identity provider ${what}: ${messageOf(error)}; correct oidc.config or the provider`,
    { cause: error },
  );
}
