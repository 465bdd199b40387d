import type { Account, ApiToken } from "./account.ts";
import { capabilities, secretKeysOf } from "./account.ts";
import { newSecret, withSecretText } from "./secret-data.ts";
import type { KubeObject } from "#core/object/index.ts";

/** The value of `<account>.tokens`, as Argo CD writes it; undefined for none, which removes the key. */
export function formatTokens(tokens: readonly ApiToken[]): string | undefined {
  if (tokens.length === 0) return undefined;
  return JSON.stringify(
    tokens.map(({ id, issuedAt, expiresAt }) => ({
      id,
      iat: issuedAt,
      ...(expiresAt === undefined ? {} : { exp: expiresAt }),
    })),
  );
}

export function formatCapabilities(account: Account): readonly string[] {
  return capabilities.filter((each) => account.capabilities.has(each));
}

/** `argocd-secret` with another password of an account; `changed` is the time of it in RFC 3339. */
export function withPassword(
  secret: KubeObject,
  name: string,
  { hash, changed }: { readonly hash: string; readonly changed: string },
): KubeObject {
  const keys = secretKeysOf(name);
  return withSecretText(secret, { [keys.password]: hash, [keys.passwordMtime]: changed });
}

/** The Secret whose `password` is what a person needs for the first login as `admin`. */
export const initialPasswordSecretName = "argocd-initial-admin-secret";

export function initialPasswordSecret(namespace: string, password: string): KubeObject {
  return withSecretText(newSecret(namespace, initialPasswordSecretName), { password });
}

/** Letters of generated passwords, as Argo CD takes them. */
export const passwordLetters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-";
export const initialPasswordLength = 16;

export const authSecretName = "argocd-secret";
export const signingKeyName = "server.secretkey";
