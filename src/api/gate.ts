import type { DescMethod } from "@bufbuild/protobuf";
import { isMooringError, MooringError } from "#core/errors/index.ts";
import type { AccessSubject, Enforcer } from "#core/rbac/index.ts";
import type { Clock } from "#runtime/clock.ts";
import type { Authenticator, Identity } from "./auth/index.ts";
import { formatChunkedCookie, tokenCookie } from "./auth/cookies/cookies.ts";
import type { CookieScope } from "./auth/cookies/cookies.ts";
import type { Origin } from "./call.ts";
import type { Caller, Permission } from "./caller.ts";
import { createCaller } from "./caller.ts";
import { methodName, services } from "./contract/methods.ts";
import type { Gate } from "./dispatch.ts";
import type { StreamLimits } from "./stream-limits.ts";

export interface GateOptions {
  readonly authenticator: Pick<Authenticator, "authenticate">;
  /** The policy and projects as they are now. */
  readonly enforcer: () => Enforcer;
  /** Who somebody is for the policy. */
  readonly subjectOf: (identity: Identity) => AccessSubject;
  readonly scope: CookieScope;
  readonly streams: StreamLimits;
  readonly clock: Clock;
}

/** For so long a token that was in order is taken to be so still. */
const seenForMs = 1_000;

/** What people must be able to call before they are logged in. */
const openMethods: ReadonlySet<DescMethod> = new Set([
  services.version.method.version,
  services.settings.method.get,
  services.session.method.create,
  services.session.method.getUserInfo,
  services.session.method.delete,
]);

/** Whether a method answers who has no token. */
export function isOpen(method: DescMethod): boolean {
  return openMethods.has(method);
}

/**
 * Lets in who has a good token, and everybody to what is needed to log in. What somebody may do is asked of the policy as it is at that
 * moment, so that a stream which stays open for long stops telling what its reader may not see any more; when the session has ended,
 * they may do nothing.
 */
export function createGate(options: GateOptions): Gate<Caller> {
  const { authenticator, streams, clock } = options;
  const seenAtMs = new WeakMap<Caller, number>();
  return {
    assertStillIn: async ({ caller, credentials }) => {
      const now = clock.now();
      if (caller.identity === undefined || now - (seenAtMs.get(caller) ?? 0) < seenForMs) return;
      await authenticator.authenticate(credentials);
      seenAtMs.set(caller, now);
    },
    enterStream: ({ caller: { identity }, address, signal }) => streams.enter({ identity, address }, signal),
    admit: async (method, origin) => {
      const identity = await identify(method, origin, options);
      if (
        identity?.kind === "local" &&
        identity.renewedToken !== undefined &&
        identity.carrier === "cookie"
      ) {
        origin.setCookies(formatChunkedCookie(tokenCookie, identity.renewedToken, options.scope));
      }
      return createCaller({ identity, permits: permitter(identity, options) });
    },
    assertChecked: (method, { isChecked }) => {
      if (!isChecked)
        throw new MooringError("INTERNAL", `${methodName(method)}: answered without asking what may be seen`);
    },
  };
}

async function identify(
  method: DescMethod,
  { credentials }: Origin,
  { authenticator }: GateOptions,
): Promise<Identity | undefined> {
  try {
    return await authenticator.authenticate(credentials);
  } catch (error) {
    if (isOpen(method) && isMooringError(error, "API_UNAUTHENTICATED")) return undefined;
    throw error;
  }
}

/** What was found out of the policy is kept until the policy changes. */
function permitter(
  identity: Identity | undefined,
  { enforcer, subjectOf, clock }: GateOptions,
): (permission: Permission) => boolean {
  if (identity === undefined) return () => false;
  const subject = subjectOf(identity);
  let asked = enforcer();
  let permissions = asked.permissionsFor(subject);
  return (permission) => {
    if (identity.sessionExpiresAtMs !== undefined && identity.sessionExpiresAtMs <= clock.now()) return false;
    const now = enforcer();
    if (now !== asked) {
      asked = now;
      permissions = now.permissionsFor(subject);
    }
    return permissions.allows(permission);
  };
}
