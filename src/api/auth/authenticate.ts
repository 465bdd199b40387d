import { randomUUID } from "node:crypto";
import { decodeJwt } from "jose";
import type { JWTPayload } from "jose";
import { isMooringError } from "#core/errors/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import type { AuthContext } from "./context.ts";
import { nowSeconds } from "./context.ts";
import { parseCookies } from "./cookies/cookies.ts";
import type { Carrier, Identity } from "./identity.ts";
import { anonymousIdentity } from "./identity.ts";
import type { IdTokenClaims } from "./oidc/provider.ts";
import { groupsOfClaims } from "./oidc/user-info.ts";
import type { Credentials, FoundToken } from "./tokens/credentials.ts";
import { findToken } from "./tokens/credentials.ts";
import type { NamedSession } from "./tokens/revoked-sessions.ts";
import { ownIssuer, requireSigningKey, signToken } from "./tokens/sign-token.ts";
import { unauthenticated } from "./tokens/unauthenticated.ts";
import type { OwnToken } from "./tokens/verify-own-token.ts";
import { verifyOwnToken } from "./tokens/verify-own-token.ts";

/** A session that is nearer to its end than this is renewed. */
const renewBeforeSeconds = 300;

/** An identity, and the session behind it as it can be revoked. */
export interface Authenticated {
  readonly identity: Identity;
  readonly session: NamedSession | undefined;
}

/**
 * Who a request comes from. A request without a token is anonymous where that is enabled; one with a token that is not in order is
 * refused in any case, and nothing of the token is used. Throws API_UNAUTHENTICATED, API_SSO_UNREACHABLE, API_SSO_INVALID and
 * CONFIG_INVALID.
 */
export async function authenticate(context: AuthContext, credentials: Credentials): Promise<Authenticated> {
  const found = findToken(credentials);
  if (found === undefined) {
    if (context.state.settings.isAnonymousEnabled) return { identity: anonymousIdentity, session: undefined };
    throw unauthenticated("the request has no token");
  }
  const issuer = issuerOf(found.token);
  const authenticated =
    issuer === ownIssuer
      ? await authenticateOwn(context, found)
      : await authenticateForeign(context, { ...found, issuer, cookie: credentials.cookie });
  if (authenticated.session !== undefined && context.revoked.has(authenticated.session)) {
    throw unauthenticated("the session was ended");
  }
  return authenticated;
}

/** The same, and undefined in place of API_UNAUTHENTICATED. */
export async function authenticateOrNot(
  context: AuthContext,
  credentials: Credentials,
): Promise<Authenticated | undefined> {
  try {
    return await authenticate(context, credentials);
  } catch (error) {
    if (isMooringError(error, "API_UNAUTHENTICATED")) return undefined;
    throw error;
  }
}

/** Whose the token claims to be: it decides only who checks it. */
function issuerOf(token: string): string {
  try {
    return decodeJwt(token).iss ?? "";
  } catch (error) {
    throw unauthenticated("the token is no JWT", error);
  }
}

async function authenticateOwn(context: AuthContext, { token, carrier }: FoundToken): Promise<Authenticated> {
  const { readProject, clock } = context;
  const { settings } = context.state;
  const own = await verifyOwnToken(token, { settings, readProject, nowMs: clock.now() });
  const known = { issuer: ownIssuer, carrier, ...timesOf(own.issuedAt, own.expiresAt) };
  const ids = [own.id, own.sessionId].filter((id) => id !== undefined);
  const { subject } = own;
  if (subject.kind === "project") {
    const { project, role } = subject;
    const name = `proj:${project}:${role}`;
    const identity = { ...known, kind: "project", username: name, subject: name, project, role } as const;
    const session = { issuer: ownIssuer, subject: name, ids, issuedAt: own.issuedAt };
    return { identity: { ...identity, groups: groupsOfClaims(own.claims), claims: own.claims }, session };
  }
  const { name, capability } = subject;
  const claims = { ...own.claims, sub: name };
  const renewed = capability === "login" ? await renew(context, own, name) : {};
  const identity = { ...known, kind: "local", username: name, subject: name, claims, ...renewed } as const;
  return {
    identity: { ...identity, groups: groupsOfClaims(claims) },
    session: { issuer: ownIssuer, subject: `${name}:${capability}`, ids, issuedAt: own.issuedAt },
  };
}

/** What continues a session is as long as it was, and ends with it when that is ended. */
async function renew(
  { state, clock }: AuthContext,
  own: OwnToken,
  name: string,
): Promise<{ readonly renewedToken?: string }> {
  const { issuedAt, expiresAt, id } = own;
  const now = nowSeconds(clock);
  if (expiresAt === undefined || expiresAt - now >= renewBeforeSeconds) return {};
  const sessionId = own.sessionId ?? id;
  const renewedToken = await signToken(requireSigningKey(state.settings.signingKey), {
    subject: { kind: "account", name, capability: "login" },
    id: randomUUID(),
    issuedAt: now,
    expiresAt: now + (expiresAt - issuedAt),
    ...(sessionId === undefined ? {} : { sessionId }),
  });
  return { renewedToken };
}

interface ForeignToken extends FoundToken {
  readonly issuer: string;
  readonly cookie: string | undefined;
}

async function authenticateForeign(context: AuthContext, found: ForeignToken): Promise<Authenticated> {
  const { state, sso, signal } = context;
  const connected = sso.connect(state.settings);
  if (connected === undefined || found.issuer !== connected.provider.sso.issuer) {
    throw unauthenticated(
      "the token's issuer is neither this server nor the provider of oidc.config or dex.config",
    );
  }
  const claims = await connected.provider.verifyIdToken(found.token, signal);
  const session = { subject: claims.sub, expiresAt: claims.exp };
  const fromUserInfo = await connected.userInfo?.groupsOf(session, {
    cookies: parseCookies(found.cookie),
    signingKey: requireSigningKey(state.settings.signingKey),
  });
  return identifyForeign(found.token, { claims, groups: fromUserInfo, carrier: found.carrier });
}

interface ForeignIdentity {
  readonly claims: IdTokenClaims;
  /** Undefined when they stand in the claims. */
  readonly groups: readonly string[] | undefined;
  readonly carrier: Carrier;
}

/** Whom a provider's token stands for; it must have been verified. */
export function identifyForeign(token: string, { claims, groups, carrier }: ForeignIdentity): Authenticated {
  const told: JsonObject = groups === undefined ? jsonOf(claims) : { ...jsonOf(claims), groups };
  const subject = viewString(told, "federated_claims", "user_id") || claims.sub;
  const issuer = claims.iss ?? "";
  return {
    identity: {
      kind: "oidc",
      username: viewString(told, "email") || subject,
      subject,
      issuer,
      groups: groupsOfClaims(told),
      claims: told,
      carrier,
      ...timesOf(claims.iat, claims.exp),
    },
    // What is signed names a token without an id. Its text would not do: signatures can be written in several ways.
    session: {
      issuer,
      subject: claims.sub,
      ids: [claims.jti ?? token.slice(0, token.lastIndexOf("."))],
      issuedAt: claims.iat,
    },
  };
}

function jsonOf(payload: JWTPayload): JsonObject {
  return payload as JsonObject;
}

function timesOf(issuedAt: number, expiresAt: number | undefined) {
  return {
    issuedAtMs: issuedAt * 1_000,
    sessionExpiresAtMs: expiresAt === undefined ? undefined : expiresAt * 1_000,
  };
}
