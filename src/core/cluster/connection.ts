import type { JsonValue, StringMap } from "#core/object/index.ts";

/** How to reach one cluster's API server and who to be there: plain data, whatever it was read from. */
export interface ClusterConnection {
  /** `https://host:port` and, behind a proxy, a path; no trailing slash. `http://` is for local proxies only. */
  readonly server: string;
  readonly tls: ClusterTls;
  readonly auth: ClusterAuth;
  /** `http://`, `https://` or `socks5://` proxy that every connection goes through. */
  readonly proxyUrl?: string;
  readonly impersonate?: Impersonation;
  /** Do not ask for compressed lists: for links where processor time is dearer than bytes. */
  readonly disableCompression?: boolean;
}

/** Certificates and keys are PEM text, already decoded from base64 and read from files. */
export interface ClusterTls {
  /** What the server's certificate must chain to; the system's authorities when undefined. */
  readonly caData?: string;
  readonly certData?: string;
  readonly keyData?: string;
  /** The server's certificate is not checked. */
  readonly insecure: boolean;
  /** The name the server's certificate must carry, when it is not the host of `server`. */
  readonly serverName?: string;
}

export type ClusterAuth =
  | { readonly kind: "none" }
  | { readonly kind: "token"; readonly token: string }
  /** Read again about every minute: kubelets rotate it. */
  | { readonly kind: "tokenFile"; readonly path: string }
  | { readonly kind: "basic"; readonly username: string; readonly password: string }
  | ExecAuth;

/** A client-go credential plugin (`client.authentication.k8s.io`). */
export interface ExecAuth {
  readonly kind: "exec";
  readonly apiVersion: string;
  /** A name looked up in PATH, or an absolute path. */
  readonly command: string;
  readonly args: readonly string[];
  /** Added to this process's environment. */
  readonly env: StringMap;
  /** Hands server, certificate authority and the cluster's exec extension to the plugin. */
  readonly provideClusterInfo: boolean;
  /** The cluster's `client.authentication.k8s.io/exec` extension, handed on with the cluster info. */
  readonly clusterConfig?: JsonValue;
  readonly installHint?: string;
}

export interface Impersonation {
  readonly user: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}
