/** What a local account may do: begin a session with its password, or have API tokens. */
export type Capability = "login" | "apiKey";

export const capabilities: readonly Capability[] = ["login", "apiKey"];

export const adminName = "admin";

/** An API token as `argocd-secret` lists it; the token itself is stored nowhere. */
export interface ApiToken {
  readonly id: string;
  /** Seconds since 1970. */
  readonly issuedAt: number;
  /** Seconds since 1970; undefined when it never expires. */
  readonly expiresAt: number | undefined;
}

/** A local account: `accounts.<name>` of `argocd-cm`, and what `argocd-secret` keeps for it. */
export interface Account {
  readonly name: string;
  readonly enabled: boolean;
  readonly capabilities: ReadonlySet<Capability>;
  /** bcrypt; undefined when it has none, so that nobody can log in. */
  readonly passwordHash: string | undefined;
  /** Sessions and tokens that are older are dead. Milliseconds since 1970. */
  readonly passwordChangedMs: number | undefined;
  readonly tokens: readonly ApiToken[];
}

interface AccountKeys {
  readonly password: string;
  readonly passwordMtime: string;
  readonly tokens: string;
}

/** The keys of `argocd-secret` that belong to an account. */
export function secretKeysOf(name: string): AccountKeys {
  const prefix = name === adminName ? adminName : `accounts.${name}`;
  return {
    password: `${prefix}.password`,
    passwordMtime: `${prefix}.passwordMtime`,
    tokens: `${prefix}.tokens`,
  };
}
