import { createHash } from "node:crypto";
import type { RevocableToken } from "#core/accounts/index.ts";
import {
  addRevocation,
  isRevoked,
  joinRevocations,
  newSecret,
  noRevocations,
  parseRevocations,
  revokedSecretName,
  withRevocations,
} from "#core/accounts/index.ts";
import { isMooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import type { Clock } from "#runtime/clock.ts";
import type { AuthState } from "../store/auth-state.ts";
import type { AuthStore } from "../store/auth-store.ts";
import { changeObject } from "../store/change-object.ts";
import { clockToleranceSeconds } from "./verify-own-token.ts";

/** A session as its token names it. */
export interface NamedSession {
  readonly issuer: string;
  readonly subject: string;
  /** Names of the token and of the session that it continues, or of what is signed in it when it has none. */
  readonly ids: readonly string[];
  readonly issuedAt: number;
}

/**
 * Sessions that were ended before their time, kept in a Secret that all replicas follow. What is kept are hashes: who reads the Secret
 * learns no token, session or user.
 */
export class RevokedSessions {
  readonly #store: AuthStore;
  readonly #state: AuthState;
  readonly #clock: Pick<Clock, "now">;

  constructor(
    store: AuthStore,
    { state, clock }: { readonly state: AuthState; readonly clock: Pick<Clock, "now"> },
  ) {
    this.#store = store;
    this.#state = state;
    this.#clock = clock;
  }

  has(session: NamedSession): boolean {
    return isRevoked(this.#state.revocations, revocable(session));
  }

  /**
   * Ends a session: its token and all that continued it. It counts here at once, also when it cannot be written: then the error says
   * that other replicas may still accept it.
   */
  async revoke(session: NamedSession, until: number, signal: AbortSignal): Promise<void> {
    const { ids, subject } = revocable(session);
    const now = Math.floor(this.#clock.now() / 1_000);
    const ended = ids.map((id) => ({ id, subject, at: now, until: until + 2 * clockToleranceSeconds }));
    const here = ended.reduce((all, each) => addRevocation(all, each, now), noRevocations);
    this.#state.addRevocations(here);
    const written = await changeObject(this.#store, {
      kind: "Secret",
      name: revokedSecretName,
      signal,
      decide: (secret) => {
        const known = joinRevocations(revocationsOf(secret), this.#state.revocations);
        const all = ended.reduce((sum, each) => addRevocation(sum, each, now), known);
        return withRevocations(secret ?? newSecret(this.#store.namespace, revokedSecretName), all);
      },
    });
    if (written !== undefined) this.#state.put(written);
  }
}

/** What cannot be read was reported when it was first seen; it is written anew from what this process knows. */
function revocationsOf(secret: KubeObject | undefined) {
  try {
    return parseRevocations(secret);
  } catch (error) {
    if (isMooringError(error, "CONFIG_INVALID")) return noRevocations;
    throw error;
  }
}

function revocable({ issuer, subject, ids, issuedAt }: NamedSession): RevocableToken {
  return {
    ids: ids.map((id) => hashOf(`${issuer}\n${id}`).slice(0, 22)),
    subject: hashOf(`${issuer}\n${subject}`).slice(0, 16),
    issuedAt,
  };
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
