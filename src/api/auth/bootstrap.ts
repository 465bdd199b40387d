import { randomBytes } from "node:crypto";
import {
  adminName,
  authSecretName,
  initialPasswordLength,
  initialPasswordSecret,
  initialPasswordSecretName,
  newSecret,
  parseAccounts,
  passwordLetters,
  secretBytes,
  secretKeysOf,
  secretText,
  signingKeyName,
  withPassword,
  withSecretText,
} from "#core/accounts/index.ts";
import { MooringError, isMooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { formatTime } from "#runtime/clock.ts";
import type { Clock } from "#runtime/clock.ts";
import { randomText } from "#runtime/random-text.ts";
import type { Passwords } from "./passwords/passwords.ts";
import { settingsName } from "./store/auth-state.ts";
import type { AuthStore } from "./store/auth-store.ts";
import { changeObject } from "./store/change-object.ts";

interface BootstrapOptions {
  readonly passwords: Pick<Passwords, "hash">;
  readonly clock: Pick<Clock, "now">;
  readonly signal: AbortSignal;
}

/**
 * Makes what a new installation lacks: the key that tokens are signed with, and a password of `admin`, which
 * `argocd-initial-admin-secret` then tells. That Secret is made first and never changed: replicas that start together, and one that
 * crashed in between, take the password from it, so that what it tells is the password. `argocd-secret` as it is then.
 */
export async function bootstrapAuth(
  store: AuthStore,
  options: BootstrapOptions,
): Promise<KubeObject | undefined> {
  const { passwords, clock, signal } = options;
  return await changeObject(store, {
    kind: "Secret",
    name: authSecretName,
    signal,
    decide: async (secret) => {
      const base = secret ?? newSecret(store.namespace, authSecretName);
      const signed = withSigningKey(base);
      const configMap = await store.read("ConfigMap", settingsName, signal);
      const isAdminEnabled = parseAccounts(configMap, undefined).accounts.get(adminName)?.enabled === true;
      if (!isAdminEnabled || secretText(base, secretKeysOf(adminName).password) !== undefined) {
        return signed === secret ? undefined : signed;
      }
      const password = await initialPassword(store, signal);
      const hash = await passwords.hash(password, signal);
      return withPassword(signed, adminName, { hash, changed: formatTime(clock.now()) });
    },
  });
}

/**
 * Makes the key that tokens are signed with when there is none. A controller that reads it only once, to hash plans with, is to find what
 * the server and the CLI find.
 */
export async function ensureSigningKey(store: AuthStore, signal: AbortSignal): Promise<void> {
  await changeObject(store, {
    kind: "Secret",
    name: authSecretName,
    signal,
    decide: (secret) => {
      const signed = withSigningKey(secret ?? newSecret(store.namespace, authSecretName));
      return signed === secret ? undefined : signed;
    },
  });
}

/** The same object when it has one. */
function withSigningKey(secret: KubeObject): KubeObject {
  return secretBytes(secret, signingKeyName) === undefined
    ? withSecretText(secret, { [signingKeyName]: randomBytes(32).toString("base64") })
    : secret;
}

/** The password that the Secret tells; made now when there is none. */
async function initialPassword(store: AuthStore, signal: AbortSignal): Promise<string> {
  const found = await store.read("Secret", initialPasswordSecretName, signal);
  if (found !== undefined) return passwordOf(found);
  const made = initialPasswordSecret(store.namespace, randomText(initialPasswordLength, passwordLetters));
  try {
    return passwordOf(await store.write(made, signal));
  } catch (error) {
    if (!isMooringError(error, "KUBE_EXISTS")) throw error;
    const others = await store.read("Secret", initialPasswordSecretName, signal);
    if (others === undefined) throw error;
    return passwordOf(others);
  }
}

function passwordOf(secret: KubeObject): string {
  const password = secretText(secret, "password");
  if (password !== undefined) return password;
  throw new MooringError(
    "CONFIG_INVALID",
    `Secret/${secret.metadata.namespace ?? ""}/${initialPasswordSecretName}: password is missing; delete the Secret, and a new one is made`,
  );
}
