import type { JWTPayload } from "jose";
import { errors, jwtVerify } from "jose";
import type { Account, AuthSettings, Subject } from "#core/accounts/index.ts";
import { parseSubject, refuseProjectToken } from "#core/accounts/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { ownAlgorithm, ownIssuer, requireSigningKey } from "./sign-token.ts";
import { unauthenticated } from "./unauthenticated.ts";

/** A token that the server, or an Argo CD with the same key, signed and that still counts. */
export interface OwnToken {
  readonly subject: Subject;
  /** Undefined in tokens of projects' roles that are older than ids. */
  readonly id: string | undefined;
  readonly sessionId: string | undefined;
  /** In seconds since 1970. */
  readonly issuedAt: number;
  readonly expiresAt: number | undefined;
  readonly claims: JsonObject;
}

interface VerifyOptions {
  readonly settings: AuthSettings;
  readonly readProject: (name: string) => Promise<KubeObject | undefined>;
  readonly nowMs: number;
}

/** How far the clocks of replicas may be apart. */
export const clockToleranceSeconds = 5;

/**
 * Checks a token of the server's own: signature, issuer, times, that its account or role is still there and may have it, and that
 * nobody took it back since. Throws API_UNAUTHENTICATED for whatever is not in order.
 */
export async function verifyOwnToken(token: string, options: VerifyOptions): Promise<OwnToken> {
  const own = readClaims(await verifySignature(token, options));
  const refusal =
    own.subject.kind === "project"
      ? await refuseRole(own, own.subject, options)
      : refuseAccount(own, own.subject, options);
  if (refusal !== undefined) throw unauthenticated(refusal);
  return own;
}

async function verifySignature(token: string, { settings, nowMs }: VerifyOptions): Promise<JWTPayload> {
  const key = requireSigningKey(settings.signingKey);
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [ownAlgorithm],
      issuer: ownIssuer,
      requiredClaims: ["iat", "sub"],
      clockTolerance: clockToleranceSeconds,
      currentDate: new Date(nowMs),
    });
    return payload;
  } catch (error) {
    throw tokenError(error);
  }
}

/** What is wrong with a token, without what it holds. Anything else that was thrown is returned as it is. */
export function tokenError(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) return unauthenticated("the session expired", error);
  if (error instanceof errors.JWTClaimValidationFailed) {
    return unauthenticated(`the token's ${error.claim} is not what it must be`, error);
  }
  if (error instanceof errors.JOSEError)
    return unauthenticated("the token is not signed as it must be", error);
  return error;
}

function readClaims(payload: JWTPayload): OwnToken {
  const subject = parseSubject(payload.sub);
  if (subject === undefined) {
    throw unauthenticated(
      "the token's sub is not <account>:login, <account>:apiKey or proj:<project>:<role>",
    );
  }
  const { iat, exp, jti, sid } = payload;
  if (iat === undefined || !Number.isInteger(iat))
    throw unauthenticated("the token's iat is no whole number");
  const textOf = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
  return {
    subject,
    id: textOf(jti),
    sessionId: textOf(sid),
    issuedAt: iat,
    expiresAt: exp,
    claims: payload as JsonObject,
  };
}

type AccountSubject = Extract<Subject, { kind: "account" }>;
type ProjectSubject = Extract<Subject, { kind: "project" }>;

function refuseAccount(
  token: OwnToken,
  { name, capability }: AccountSubject,
  { settings, nowMs }: VerifyOptions,
): string | undefined {
  const account = settings.accounts.get(name);
  if (account === undefined) return "the token's account does not exist";
  if (!account.enabled) return `account ${name} is disabled`;
  if (!account.capabilities.has(capability)) return `account ${name} has not the capability ${capability}`;
  if (token.id === undefined) return "the token has no jti, so it cannot be told from others";
  if (capability === "apiKey" && !isListed(account, token.id, nowMs)) {
    return `account ${name} has no such token any more`;
  }
  const { passwordChangedMs } = account;
  // Both count whole seconds: a session of the very second in which the password changed may be the new one.
  const isBefore = passwordChangedMs !== undefined && token.issuedAt < Math.floor(passwordChangedMs / 1_000);
  return isBefore ? `the password of account ${name} was changed after the token was made` : undefined;
}

function isListed(account: Account, id: string, nowMs: number): boolean {
  return account.tokens.some(
    (each) => each.id === id && (each.expiresAt === undefined || each.expiresAt * 1_000 > nowMs),
  );
}

async function refuseRole(
  token: OwnToken,
  { project: name, role }: ProjectSubject,
  { readProject, nowMs }: VerifyOptions,
): Promise<string | undefined> {
  const project = await readProject(name);
  if (project === undefined) return "the token's project does not exist";
  const claims = { role, id: token.id, issuedAt: token.issuedAt };
  return refuseProjectToken(project, claims, Math.floor(nowMs / 1_000));
}
