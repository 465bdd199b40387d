/** Where a repository is and how to reach it, already resolved from its Secret and credential template. */
export interface RepositoryAccess {
  /** As the user wrote it, without credentials: what messages may show. */
  readonly url: string;
  readonly credentials: RepositoryCredentials;
  readonly insecureSkipVerify: boolean;
  /** PEM certificates that the server's certificate must chain to. */
  readonly caCertificates?: string;
  /** Lines in OpenSSH known_hosts form. */
  readonly sshKnownHosts?: string;
  readonly proxyUrl?: string;
  readonly noProxy?: string;
  readonly enableLfs?: boolean;
}

export type RepositoryCredentials =
  | { readonly kind: "none" }
  | { readonly kind: "basic"; readonly username: string; readonly password: string }
  | { readonly kind: "bearer"; readonly token: string }
  | { readonly kind: "ssh"; readonly privateKey: string; readonly passphrase?: string }
  | {
      readonly kind: "tls";
      readonly certificate: string;
      readonly key: string;
      readonly username?: string;
      readonly password?: string;
    };
