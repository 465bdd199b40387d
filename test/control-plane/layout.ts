import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createCertificateAuthority, createSigningKey } from "#embedded/tls/certificates.ts";
import { formatKubeconfig, type ControlPlaneAccess } from "./kubeconfig.ts";
import { findFreePorts } from "./ports.ts";
import { formatStages } from "./stages.ts";

/** Components have names of their own, so that the audit log tells their requests from a test's. */
const componentUsers = {
  "kube-controller-manager": "system:kube-controller-manager",
  "kube-scheduler": "system:kube-scheduler",
  kwok: "system:kwok",
} as const;

const people = ["admin", "alice", "bob", "robot"] as const;

/** The files of one control plane, all in its directory, and its addresses. */
export interface Layout extends ControlPlaneAccess {
  readonly directory: string;
  readonly apiPort: number;
  readonly file: (name: FileName) => string;
}

type FileName =
  | "ca.crt"
  | "server.crt"
  | "server.key"
  | "service-account.key"
  | "tokens.csv"
  | "audit-policy.json"
  | "audit.log"
  | "kubeconfig"
  | "client-certificate.kubeconfig"
  | "stages.yaml"
  | "etcd"
  | `${keyof typeof componentUsers}.kubeconfig`;

/** Chooses ports, makes keys, certificates and tokens, and writes every file that the programs read. */
export async function createLayout(directory: string): Promise<Layout> {
  const file = (name: FileName) => join(directory, name);
  const [apiPort, etcdPort] = (await findFreePorts(2)) as [number, number];
  const authority = createCertificateAuthority("mooring-test");
  const users = createTokens(people);
  const layout: Layout = {
    directory,
    apiPort,
    file,
    server: `https://127.0.0.1:${apiPort}`,
    caCertificate: authority.certificate,
    token: users["admin"] as string,
    users,
    kubeconfigPath: file("kubeconfig"),
    auditLogPath: file("audit.log"),
    etcdUrl: `http://127.0.0.1:${etcdPort}`,
  };
  const serving = authority.issue({
    subject: { commonName: "kube-apiserver" },
    usage: "server",
    dnsNames: ["localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"],
    ipAddresses: ["127.0.0.1", "10.96.0.1"],
  });
  const subject = { commonName: "certificate-admin", organization: "system:masters" };
  const admin = authority.issue({ subject, usage: "client" });
  const contents: Partial<Record<FileName, string>> = {
    "ca.crt": authority.certificate,
    "server.crt": serving.certificate,
    "server.key": serving.key,
    "service-account.key": createSigningKey(),
    "audit-policy.json": JSON.stringify(auditPolicy),
    "stages.yaml": formatStages(),
    kubeconfig: formatKubeconfig(accessOf(layout), layout),
    "client-certificate.kubeconfig": formatKubeconfig(accessOf(layout), admin),
    ...componentFiles(layout),
  };
  await Promise.all(
    Object.entries(contents).map(([name, text]) => writeFile(join(directory, name), text, { mode: 0o600 })),
  );
  return layout;
}

/** The part of a layout that clients may have. */
export function accessOf(layout: Layout): ControlPlaneAccess {
  const { server, caCertificate, token, users, kubeconfigPath, auditLogPath, etcdUrl } = layout;
  return { server, caCertificate, token, users, kubeconfigPath, auditLogPath, etcdUrl };
}

function componentFiles(layout: Layout): Partial<Record<FileName, string>> {
  const tokens = createTokens(Object.values(componentUsers));
  const masters = (name: string) => name in tokens || name === "admin";
  const lines = Object.entries({ ...layout.users, ...tokens }).map(([name, token]) =>
    masters(name) ? `${token},${name},${name},system:masters` : `${token},${name},${name}`,
  );
  const kubeconfigs = Object.entries(componentUsers).map(([component, user]) => [
    `${component}.kubeconfig`,
    formatKubeconfig(accessOf(layout), { token: tokens[user] as string }),
  ]);
  return { "tokens.csv": `${lines.join("\n")}\n`, ...Object.fromEntries(kubeconfigs) };
}

function createTokens(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, randomBytes(24).toString("base64url")]));
}

const components = [...Object.values(componentUsers), "system:apiserver"];

// What the components read would fill the log with lines that no test counts.
const auditPolicy = {
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  omitStages: ["RequestReceived"],
  rules: [
    { level: "None", users: components, verbs: ["get", "list", "watch"] },
    {
      level: "None",
      users: components,
      resources: [{ group: "coordination.k8s.io", resources: ["leases"] }],
    },
    { level: "None", nonResourceURLs: ["/readyz*", "/livez*", "/healthz*"] },
    { level: "Metadata" },
  ],
};
