import type { RepositoryCredentials } from "./access.ts";

/** Where charts, artifacts or a file come from and how to reach it, resolved from the repository's Secret and template. */
export interface RegistryAccess {
  /** `helm`: a repository with an `index.yaml`; `oci`: a registry; `file`: one file. */
  readonly kind: "helm" | "oci" | "file";
  /** Without credentials: what messages may show. Of a registry `oci://host[:port][/path]`. */
  readonly url: string;
  readonly credentials: RegistryCredentials;
  readonly insecureSkipVerify: boolean;
  /** PEM certificates that the server's certificate must chain to. */
  readonly caCertificates?: string;
  readonly proxyUrl?: string;
  readonly noProxy?: string;
  /** The credentials also go to the hosts of charts that the index places elsewhere. */
  readonly passCredentials: boolean;
  /** A registry without TLS. */
  readonly forceHttp: boolean;
  /** The host itself may be at a loopback or private address: it was configured, not found in some file. */
  readonly mayBeInternal: boolean;
}

export type RegistryCredentials = Exclude<RepositoryCredentials, { readonly kind: "ssh" }>;
