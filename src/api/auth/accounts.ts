import type { Account, ApiToken } from "#core/accounts/index.ts";
import {
  authSecretName,
  formatCapabilities,
  formatTokens,
  newSecret,
  parseAccounts,
  secretKeysOf,
  withPassword,
  withSecretText,
} from "#core/accounts/index.ts";
import { MooringError, isMooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { formatTime } from "#runtime/clock.ts";
import { maxPasswordBytes } from "#runtime/password-hash.ts";
import { compilePattern } from "#runtime/patterns.ts";
import type { AuthContext } from "./context.ts";
import type { Identity } from "./identity.ts";
import type { Client } from "./login.ts";
import { requirePassword } from "./login.ts";
import { settingsName } from "./store/auth-state.ts";
import { changeObject } from "./store/change-object.ts";
import type { NewToken } from "./tokens/plan-token.ts";
import { planToken } from "./tokens/plan-token.ts";
import { requireSigningKey, signToken } from "./tokens/sign-token.ts";
import { unauthenticated } from "./tokens/unauthenticated.ts";

/** An account as everybody who may see it sees it. */
export interface AccountView {
  readonly name: string;
  readonly enabled: boolean;
  readonly capabilities: readonly string[];
  /** The newest first. */
  readonly tokens: readonly ApiToken[];
}

export function listAccounts({ state }: AuthContext): readonly AccountView[] {
  return [...state.settings.accounts.values()]
    .map((account) => viewAccount(account))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Throws API_NOT_FOUND. */
export function getAccount({ state }: AuthContext, name: string): AccountView {
  return viewAccount(requireAccount(state.settings.accounts, name));
}

function viewAccount(account: Account): AccountView {
  return {
    name: account.name,
    enabled: account.enabled,
    capabilities: formatCapabilities(account),
    tokens: account.tokens.toSorted((a, b) => b.issuedAt - a.issuedAt),
  };
}

function requireAccount(accounts: ReadonlyMap<string, Account>, name: string): Account {
  const account = accounts.get(name);
  if (account !== undefined) return account;
  throw new MooringError(
    "API_NOT_FOUND",
    `account ${name}: does not exist; add accounts.${name} to ConfigMap argocd-cm`,
  );
}

export interface PasswordChange extends Client {
  /** Whose password; that of who asks when undefined. Whether they may change another's the caller has checked. */
  readonly name?: string | undefined;
  /** Of who asks, where that is a local account. */
  readonly currentPassword: string;
  readonly newPassword: string;
}

/** People who logged in at the provider prove themselves by having done so just now. */
const maxSsoAgeMs = 5 * 60_000;

/**
 * Changes a password; every session and API token of the account that is older is dead. Throws API_INVALID_ARGUMENT, API_NOT_FOUND,
 * API_UNAUTHENTICATED and API_THROTTLED.
 */
export async function updatePassword(
  context: AuthContext,
  identity: Identity,
  change: PasswordChange,
): Promise<void> {
  const { state, passwords, clock, signal } = context;
  const name = change.name ?? (identity.kind === "local" ? identity.username : "");
  await requireRecentProof(context, identity, change);
  requireAccount(state.settings.accounts, name);
  requireGoodPassword(change.newPassword, state.settings.passwordPattern);
  const hash = await passwords.hash(change.newPassword, signal);
  const changed = formatTime(clock.now());
  await changeAccount(context, name, (secret) => withPassword(secret, name, { hash, changed }));
}

async function requireRecentProof(
  context: AuthContext,
  identity: Identity,
  change: PasswordChange,
): Promise<void> {
  switch (identity.kind) {
    case "local":
      await requirePassword(context, {
        ...change,
        username: identity.username,
        password: change.currentPassword,
      }).catch((error: unknown) => {
        if (!isMooringError(error, "API_UNAUTHENTICATED")) throw error;
        throw new MooringError("API_INVALID_ARGUMENT", "current password does not match", { cause: error });
      });
      return;
    case "oidc":
      if (context.clock.now() - identity.issuedAtMs <= maxSsoAgeMs) return;
      throw unauthenticated("the SSO token is older than five minutes");
    case "project":
    case "anonymous":
      throw new MooringError(
        "API_INVALID_ARGUMENT",
        `${identity.username || "anonymous"}: changes no password; log in as an account`,
      );
    default:
      throw new MooringError("INTERNAL", `unhandled identity: ${JSON.stringify(identity satisfies never)}`);
  }
}

function requireGoodPassword(password: string, pattern: string): void {
  const compiled = compilePattern(pattern);
  if (compiled instanceof Error) {
    throw new MooringError(
      "CONFIG_INVALID",
      `ConfigMap ${settingsName}: passwordPattern is no pattern of Go's (RE2): ${compiled.message}; correct it`,
      { cause: compiled },
    );
  }
  if (!compiled.test(password)) {
    throw new MooringError(
      "API_INVALID_ARGUMENT",
      `new password does not match the following expression: ${pattern}`,
    );
  }
  if (Buffer.byteLength(password) > maxPasswordBytes) {
    throw new MooringError(
      "API_INVALID_ARGUMENT",
      `new password has more than ${maxPasswordBytes} bytes, of which bcrypt looks at no more; shorten it`,
    );
  }
}

/** Makes an API token, which is shown this once. Throws API_NOT_FOUND and API_INVALID_ARGUMENT. */
export async function createApiToken(context: AuthContext, name: string, request: NewToken): Promise<string> {
  const { id, issuedAt, expiresAt } = planToken(request, context.clock);
  await changeTokens(context, name, (account) => {
    if (!account.capabilities.has("apiKey")) {
      throw new MooringError(
        "API_INVALID_ARGUMENT",
        `account ${name}: has not the capability apiKey; add it to accounts.${name} of ConfigMap ${settingsName}`,
      );
    }
    if (account.tokens.some((token) => token.id === id)) {
      throw new MooringError(
        "API_INVALID_ARGUMENT",
        `account ${name}: has a token with the id ${id}; choose another`,
      );
    }
    return [...account.tokens, { id, issuedAt, expiresAt }];
  });
  return await signToken(requireSigningKey(context.state.settings.signingKey), {
    subject: { kind: "account", name, capability: "apiKey" },
    id,
    issuedAt,
    expiresAt,
  });
}

/** Takes an API token back. Throws API_NOT_FOUND. */
export async function deleteApiToken(context: AuthContext, name: string, id: string): Promise<void> {
  await changeTokens(context, name, (account) => {
    const left = account.tokens.filter((token) => token.id !== id);
    if (left.length < account.tokens.length) return left;
    throw new MooringError(
      "API_NOT_FOUND",
      `account ${name}: has no token with the id ${id}; see: argocd account get`,
    );
  });
}

async function changeTokens(
  context: AuthContext,
  name: string,
  decide: (account: Account) => readonly ApiToken[],
): Promise<void> {
  await changeAccount(context, name, (secret, account) =>
    withSecretText(secret, { [secretKeysOf(name).tokens]: formatTokens(decide(account)) }),
  );
}

/** Writes what `decide` makes of `argocd-secret` and of the account as they are now, not as the watch knows them. */
async function changeAccount(
  { store, state, signal }: AuthContext,
  name: string,
  decide: (secret: KubeObject, account: Account) => KubeObject,
): Promise<void> {
  const written = await changeObject(store, {
    kind: "Secret",
    name: authSecretName,
    signal,
    decide: async (secret) => {
      const configMap = await store.read("ConfigMap", settingsName, signal);
      const account = requireAccount(parseAccounts(configMap, secret).accounts, name);
      return decide(secret ?? newSecret(store.namespace, authSecretName), account);
    },
  });
  if (written !== undefined) state.put(written);
}
