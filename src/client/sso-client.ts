import { once } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { Configuration, TokenEndpointResponse } from "openid-client";
import {
  None,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  discovery,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  refreshTokenGrant,
} from "openid-client";
import type { SsoClient, SsoProvider, SsoTokens } from "#ports/sso.ts";
import { MooringError, messageOf } from "#core/errors/index.ts";
import { abortErrorOf } from "#runtime/abort.ts";

const callbackPath = "/auth/callback";

/** Logs in with a browser by authorisation code with PKCE (RFC 7636): the browser comes back to a port of this machine (RFC 8252). */
export function createSsoClient(signal: AbortSignal): SsoClient {
  return {
    login: async (provider, { port, show }) => {
      const configuration = await discover(provider);
      await using callback = await listen(port);
      const request = await beginLogin(configuration, provider, callback.url);
      // Who comes back while the address is still being shown is awaited already.
      const taken = callback.take({ state: request.state, signal }, async (arrived) => {
        const tokens = await authorizationCodeGrant(configuration, arrived, {
          pkceCodeVerifier: request.verifier,
          expectedState: request.state,
          expectedNonce: request.nonce,
          idTokenExpected: true,
        }).catch((error: unknown) => {
          throw refused(provider, error);
        });
        return tokensOf(provider, tokens);
      });
      const [tokens] = await Promise.all([taken, show(request.url.href)]);
      return tokens;
    },
    renew: async (provider, refreshToken) => {
      requireSecrecy(provider, provider.issuer);
      const configuration = await discover(provider);
      requireSecrecy(provider, configuration.serverMetadata().token_endpoint ?? "");
      const tokens = await refreshTokenGrant(configuration, refreshToken).catch((error: unknown) => {
        throw refused(provider, error);
      });
      const renewed = tokensOf(provider, tokens);
      // A provider that gives no new one goes on taking the old.
      return { ...renewed, refreshToken: renewed.refreshToken === "" ? refreshToken : renewed.refreshToken };
    },
  };
}

async function discover({ issuer, clientId }: SsoProvider): Promise<Configuration> {
  try {
    const url = new URL(issuer);
    const execute = url.protocol === "http:" ? [allowInsecureRequests] : [];
    return await discovery(url, clientId, undefined, None(), { execute });
  } catch (error) {
    throw new MooringError(
      "API_SSO_UNREACHABLE",
      `identity provider ${issuer}: cannot be asked: ${messageOf(error)}; check network and certificate (NODE_EXTRA_CA_CERTS names authorities)`,
      { cause: error },
    );
  }
}

/** Whoever reads a refresh token on its way may go on as its owner: it is sent by TLS, or does not leave this machine. */
function requireSecrecy({ issuer }: SsoProvider, address: string): void {
  const url = URL.parse(address);
  if (url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url.hostname))) return;
  throw new MooringError(
    "API_SSO_INVALID",
    `identity provider ${issuer}: a refresh token is sent by https alone, and not to ${JSON.stringify(address)}; log in again with: mooring relogin`,
  );
}

function isLoopback(host: string): boolean {
  return /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])$/u.test(host);
}

interface BegunLogin {
  readonly url: URL;
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
}

async function beginLogin(
  configuration: Configuration,
  { scopes, claims }: SsoProvider,
  redirectUri: string,
): Promise<BegunLogin> {
  const [state, nonce, verifier] = [randomState(), randomNonce(), randomPKCECodeVerifier()];
  const supported = configuration.serverMetadata().scopes_supported ?? [];
  const asked = [...scopes, ...(supported.includes("offline_access") ? ["offline_access"] : [])];
  const url = buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUri,
    scope: [...new Set(asked)].join(" "),
    state,
    nonce,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    ...(claims === undefined ? {} : { claims }),
    // Without it providers give no refresh token to programs that asked before.
    ...(asked.includes("offline_access") ? { prompt: "consent" } : {}),
  });
  return { url, verifier, state, nonce };
}

function tokensOf({ issuer }: SsoProvider, tokens: TokenEndpointResponse): SsoTokens {
  if (typeof tokens.id_token === "string")
    return { idToken: tokens.id_token, refreshToken: tokens.refresh_token ?? "" };
  throw new MooringError(
    "API_SSO_INVALID",
    `identity provider ${issuer}: gave no ID token; it must know the client as one for the scope openid`,
  );
}

/** What the provider or a visitor wrote is not repeated but for codes of the standard's form. */
function refused({ issuer }: SsoProvider, error: unknown): MooringError {
  const said = error instanceof Error && "error" in error ? error.error : undefined;
  const code = typeof said === "string" && /^[a-z_]{1,64}$/u.test(said) ? said : undefined;
  return new MooringError(
    "API_SSO_INVALID",
    `identity provider ${issuer}: ${code === undefined ? "the login failed" : `it refused the login with ${code}`}; try again`,
    { cause: error },
  );
}

interface AwaitedLogin {
  /** Only who began this login knows it: what comes without it, any page in the browser may have sent. */
  readonly state: string;
  readonly signal: AbortSignal;
}

interface Callback extends AsyncDisposable {
  readonly url: string;
  /** Waits for the browser and gives what `redeem` makes of the address that it came to; the browser is told how that went. */
  take<T>(login: AwaitedLogin, redeem: (arrived: URL) => Promise<T>): Promise<T>;
}

async function listen(port: number): Promise<Callback> {
  const server = createServer();
  server.listen(port, "localhost");
  await once(server, "listening").catch((error: unknown) => {
    throw new MooringError(
      "CLI_USAGE",
      `port ${port}: cannot be listened on for the browser to come back (${messageOf(error)}); choose another with --sso-port, which the provider must know`,
      { cause: error },
    );
  });
  const bound = server.address();
  const origin = `http://localhost:${typeof bound === "object" && bound !== null ? bound.port : port}`;
  return {
    url: origin + callbackPath,
    take: (login, redeem) => take(server, { ...login, origin, redeem }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await Promise.resolve();
    },
  };
}

interface Taking<T> extends AwaitedLogin {
  readonly origin: string;
  readonly redeem: (arrived: URL) => Promise<T>;
}

async function take<T>(server: Server, { origin, state, signal, redeem }: Taking<T>): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const onAbort = (): void => reject(abortErrorOf(signal));
  signal.addEventListener("abort", onAbort, { once: true });
  let isTaken = false;
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    // Any page may send something here, also what is no address.
    const arrived = URL.parse(request.url ?? "/", origin);
    // Browsers ask for icons, and once is enough: a code is worth nothing the second time.
    const isOurs = arrived?.pathname === callbackPath && arrived.searchParams.get("state") === state;
    if (arrived === null || !isOurs || isTaken) return answer(response, 404, { text: "Nothing is here." });
    isTaken = true;
    redeem(arrived).then(
      (value) =>
        answer(response, 200, { text: "You are logged in. Close this page.", done: () => resolve(value) }),
      (error: unknown) =>
        answer(response, 400, { text: "The login failed: see the terminal.", done: () => reject(error) }),
    );
  });
  try {
    return await promise;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

interface Page {
  readonly text: string;
  /** Called when it is sent. */
  readonly done?: () => void;
}

function answer(response: ServerResponse, status: number, { text, done }: Page): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", connection: "close" });
  response.end(text, done);
}
