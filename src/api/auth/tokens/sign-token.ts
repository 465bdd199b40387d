import { SignJWT } from "jose";
import type { Subject } from "#core/accounts/index.ts";
import { authSecretName, formatSubject, signingKeyName } from "#core/accounts/index.ts";
import { MooringError } from "#core/errors/index.ts";

/** The issuer of what the server signs itself. */
export const ownIssuer = "argocd";
export const ownAlgorithm = "HS256";

export interface TokenRequest {
  readonly subject: Subject;
  readonly id: string;
  /** In whole seconds since 1970. */
  readonly issuedAt: number;
  /** Undefined for a token that never ends. */
  readonly expiresAt: number | undefined;
  /** The id of the session that this one continues. */
  readonly sessionId?: string;
}

/** A token as Argo CD makes it, so that either accepts those of the other. */
export async function signToken(signingKey: Uint8Array, request: TokenRequest): Promise<string> {
  const { subject, id, issuedAt, expiresAt, sessionId } = request;
  const token = new SignJWT(sessionId === undefined ? {} : { sid: sessionId })
    .setProtectedHeader({ alg: ownAlgorithm, typ: "JWT" })
    .setIssuer(ownIssuer)
    .setSubject(formatSubject(subject))
    .setJti(id)
    .setIssuedAt(issuedAt)
    .setNotBefore(issuedAt);
  if (expiresAt !== undefined) token.setExpirationTime(expiresAt);
  return await token.sign(signingKey);
}

/** Throws CONFIG_INVALID when there is no key. */
export function requireSigningKey(signingKey: Uint8Array | undefined): Uint8Array {
  if (signingKey !== undefined) return signingKey;
  throw new MooringError(
    "CONFIG_INVALID",
    `Secret ${authSecretName}: ${signingKeyName} is missing, so no token can be made or checked; restart the server, which makes one`,
  );
}
