import { parse } from "yaml";

/** All that a client of a running control plane needs; plain data, so it can be handed to workers. */
export interface ControlPlaneAccess {
  /** Such as `https://127.0.0.1:20443`. */
  readonly server: string;
  /** PEM. */
  readonly caCertificate: string;
  /** Bearer token of `admin`, a member of system:masters. */
  readonly token: string;
  /** Bearer tokens by user name: `admin`, and `alice`, `bob` and `robot`, who may do nothing. */
  readonly users: Readonly<Record<string, string>>;
  readonly kubeconfigPath: string;
  readonly auditLogPath: string;
  /** Such as `http://127.0.0.1:20379`, without authentication. */
  readonly etcdUrl: string;
}

export type Credentials = { readonly token: string } | { readonly certificate: string; readonly key: string };

const extensionName = "control-plane.mooring.dev";

/** A kubeconfig with one cluster, one user and one context, named `mooring-test`. */
export function formatKubeconfig(
  access: Omit<ControlPlaneAccess, "kubeconfigPath">,
  credentials: Credentials,
): string {
  const { server, caCertificate, ...extension } = access;
  const user =
    "token" in credentials
      ? `token: ${credentials.token}`
      : `client-certificate-data: ${base64(credentials.certificate)}\n    client-key-data: ${base64(credentials.key)}`;
  return `apiVersion: v1
kind: Config
current-context: mooring-test
contexts:
- name: mooring-test
  context:
    cluster: mooring-test
    user: mooring-test
clusters:
- name: mooring-test
  cluster:
    server: ${server}
    certificate-authority-data: ${base64(caCertificate)}
    extensions:
    - name: ${extensionName}
      extension: ${JSON.stringify(extension)}
users:
- name: mooring-test
  user:
    ${user}
`;
}

interface Kubeconfig {
  readonly clusters?: readonly {
    readonly cluster?: {
      readonly server?: string;
      readonly "certificate-authority-data"?: string;
      readonly extensions?: readonly { readonly name?: string; readonly extension?: object }[];
    };
  }[];
}

/** Reads back what `formatKubeconfig` wrote. Throws for a kubeconfig of any other cluster. */
export function parseKubeconfig(text: string, kubeconfigPath: string): ControlPlaneAccess {
  const config = parse(text) as Kubeconfig | null;
  const cluster = config?.clusters?.[0]?.cluster;
  const extension = cluster?.extensions?.find(({ name }) => name === extensionName)?.extension;
  const authority = cluster?.["certificate-authority-data"];
  if (cluster?.server === undefined || extension === undefined || authority === undefined) {
    throw new Error(
      `${kubeconfigPath}: is not the kubeconfig of a test control plane; write one with npm run control-plane -- --kubeconfig FILE`,
    );
  }
  const caCertificate = Buffer.from(authority, "base64").toString("utf8");
  const rest = extension as Omit<ControlPlaneAccess, "server" | "caCertificate" | "kubeconfigPath">;
  return { ...rest, server: cluster.server, caCertificate, kubeconfigPath };
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
