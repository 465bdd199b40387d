/** The identity provider of a server. */
export interface SsoProvider {
  /** Its URL. */
  readonly issuer: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** What the request says of the claims that ID tokens shall have, as JSON. */
  readonly claims?: string | undefined;
}

export interface SsoTokens {
  readonly idToken: string;
  /** Empty where the provider gives none. */
  readonly refreshToken: string;
}

/** Logging in with a browser; throws API_SSO_UNREACHABLE and API_SSO_INVALID. */
export interface SsoClient {
  /** Waits on a port of this machine for the browser; `show` is given the address to go to. */
  login(
    provider: SsoProvider,
    options: { readonly port: number; readonly show: (url: string) => Promise<void> },
  ): Promise<SsoTokens>;
  renew(provider: SsoProvider, refreshToken: string): Promise<SsoTokens>;
}
