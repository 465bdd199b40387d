import type { KeyObject } from "node:crypto";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Server } from "node:https";
import { createServer, request as requestHttps } from "node:https";
import type { AddressInfo } from "node:net";
import { SignJWT } from "jose";
import Provider from "oidc-provider";
import { onTestFinished } from "vitest";
import { createCertificateAuthority } from "#embedded/tls/certificates.ts";
import type { JsonObject } from "#core/object/index.ts";

export const serverUrl = "https://argocd.example.com";
export const clientSecret = "the client's secret";

/** A person at the provider. */
interface Person {
  readonly email: string;
  groups: readonly string[];
}

/** A real OpenID provider over TLS, at which everybody is logged in as `ada`. */
export interface IdentityProvider {
  readonly issuer: string;
  /** PEM of the authority that vouches for it. */
  readonly ca: string;
  readonly ada: Person;
  /** Paths that it was asked for. */
  readonly asked: string[];
  /** An ID token with the provider's key; claims in place of those that are in order. */
  sign(claims: JsonObject, header?: JsonObject, key?: KeyObject | Uint8Array): Promise<string>;
  readonly publicKey: KeyObject;
  /** Goes where a browser is sent until it is sent to the server, to whose URL it would go then. */
  follow(url: string): Promise<URL>;
}

export interface ProviderOptions {
  readonly groupsInToken?: boolean;
  /** Where the server is that sends people here; `serverUrl` unless told. */
  readonly server?: string;
}

export async function startIdentityProvider(options: ProviderOptions = {}): Promise<IdentityProvider> {
  const authority = createCertificateAuthority("identity provider test");
  const { certificate, key } = authority.issue({
    subject: { commonName: "localhost" },
    usage: "server",
    dnsNames: ["localhost"],
  });
  let handle = (_request: IncomingMessage, response: ServerResponse): void =>
    void response.writeHead(503).end();
  const server = createServer({ cert: certificate, key }, (request, response) => handle(request, response));
  const issuer = `https://localhost:${await listen(server)}`;
  const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const ada: Person = { email: "ada@example.com", groups: ["team-a", "team-b"] };
  const provider = createProvider(issuer, { signingKey: keys.privateKey, ada, ...options });
  const asked: string[] = [];
  const callback = provider.callback();
  handle = (request, response) => {
    asked.push(request.url?.split("?", 1)[0] ?? "");
    if (request.url?.startsWith("/interaction/") !== true) return void callback(request, response);
    void provider.interactionFinished(request, response, { login: { accountId: "ada" }, consent: {} });
  };
  return {
    issuer,
    ca: authority.certificate,
    ada,
    asked,
    publicKey: keys.publicKey,
    sign: async (claims, header = { alg: "RS256", kid: "first" }, signingKey = keys.privateKey) => {
      const now = Math.floor(Date.now() / 1_000);
      const whole = { iss: issuer, aud: "argocd", sub: "ada", iat: now, exp: now + 600, ...claims };
      return await new SignJWT(whole).setProtectedHeader({ alg: "RS256", ...header }).sign(signingKey);
    },
    follow: async (url) => await follow(url, authority.certificate),
  };
}

interface ProviderKeys extends ProviderOptions {
  readonly signingKey: KeyObject;
  readonly ada: Person;
}

function createProvider(issuer: string, keys: ProviderKeys): Provider {
  const { signingKey, ada, groupsInToken = true, server = serverUrl } = keys;
  const redirect = [`${server}/auth/callback`];
  const provider = new Provider(issuer, {
    clients: [
      { client_id: "argocd", client_secret: clientSecret, redirect_uris: redirect },
      {
        client_id: "argocd-cli",
        application_type: "native",
        token_endpoint_auth_method: "none",
        grant_types: ["authorization_code", "refresh_token"],
        redirect_uris: ["http://localhost/auth/callback"],
      },
    ],
    jwks: {
      keys: [{ ...signingKey.export({ format: "jwk" }), kid: "first", alg: "RS256", use: "sig" } as never],
    },
    cookies: { keys: ["for this test"] },
    claims: { openid: ["sub"], email: ["email"], groups: ["groups"], profile: ["name"] },
    conformIdTokenClaims: !groupsInToken,
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false }, claimsParameter: { enabled: true } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    findAccount: (_context, accountId) => ({
      accountId,
      claims: () => ({ sub: accountId, email: ada.email, groups: [...ada.groups] }),
    }),
    loadExistingGrant: async ({ oidc }) => {
      const grant = new provider.Grant({
        clientId: oidc.client?.clientId ?? "",
        accountId: oidc.session?.accountId ?? "",
      });
      grant.addOIDCScope("openid profile email groups offline_access");
      await grant.save();
      return grant;
    },
  });
  return provider;
}

/** An HTTPS server that answers as told, for what no real provider would say. */
export async function startHostileProvider(
  answer: (path: string, issuer: string, response: ServerResponse) => void,
): Promise<{ readonly issuer: string; readonly ca: string; readonly asked: string[] }> {
  const authority = createCertificateAuthority("hostile provider test");
  const { certificate, key } = authority.issue({
    subject: { commonName: "localhost" },
    usage: "server",
    dnsNames: ["localhost"],
  });
  const asked: string[] = [];
  let issuer = "";
  const server = createServer({ cert: certificate, key }, (request, response) => {
    asked.push(request.url ?? "");
    answer(request.url ?? "", issuer, response);
  });
  issuer = `https://localhost:${await listen(server)}`;
  return { issuer, ca: authority.certificate, asked };
}

async function listen(server: Server): Promise<number> {
  server.listen(0, "localhost");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => void server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

/** A browser: it keeps cookies and follows redirects. */
async function follow(start: string, ca: string): Promise<URL> {
  const cookies = new Map<string, string>();
  let url = new URL(start);
  for (let hops = 0; hops < 10; hops += 1) {
    if (url.origin === serverUrl || url.protocol === "http:") return url;
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const request = requestHttps(url, { ca, headers: { cookie } }).end();
    const [response] = (await once(request, "response")) as [IncomingMessage];
    for (const set of response.headers["set-cookie"] ?? []) {
      const [name = "", value = ""] = (set.split(";", 1)[0] ?? "").split(/=(.*)/su);
      cookies.set(name, value);
    }
    const body = (await response.toArray()).join("");
    const { location } = response.headers;
    if (location === undefined) throw new Error(`${url.href} answered ${response.statusCode}: ${body}`);
    url = new URL(location, url);
  }
  throw new Error("too many redirects");
}
