import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { startEmbeddedCluster } from "#embedded/index.ts";
import type { KubeCluster } from "#kube/index.ts";
import { startCluster } from "#kube/index.ts";
import { base64, writeEmbeddedKubeconfig } from "#main/embedded-kubeconfig.ts";

const run = promisify(execFile);
const program = path.join(import.meta.dirname, "../../bin/mooring");

/** An embedded cluster, which judges by roles and bindings as a real one does. */
export interface InstallCluster extends AsyncDisposable {
  readonly directory: string;
  /** With every right. */
  readonly admin: KubeCluster;
  /** Runs a command with every right; what it prints. */
  mooring(...args: readonly string[]): Promise<string>;
  /** The cluster as the account of a role sees it. */
  as(role: string, namespace: string): KubeCluster;
  /** A kubeconfig by which a program has the rights of a role's account and no other. */
  kubeconfigAs(role: string, namespace: string): Promise<string>;
}

export async function startInstallCluster(): Promise<InstallCluster> {
  await using setup = new AsyncDisposableStack();
  const directory = await mkdtemp(path.join(tmpdir(), "mooring-install-test-"));
  setup.defer(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));
  const stop = new AbortController();
  const embedded = setup.use(
    await startEmbeddedCluster({ onFailure: (error) => stop.abort(error), signal: stop.signal }),
  );
  setup.defer(() => stop.signal.throwIfAborted());
  const adminFile = path.join(directory, "admin.kubeconfig");
  await writeEmbeddedKubeconfig(adminFile, [{ name: "hub", cluster: embedded }]);
  const admin = setup.use(startCluster(embedded.connection, { keepFresh: false }));
  const owned = setup.move();
  return {
    directory,
    admin,
    mooring: async (...args) => (await run(program, ["--kubeconfig", adminFile, ...args])).stdout,
    as: (role, namespace) => admin.as({ user: accountOf(role, namespace) }),
    kubeconfigAs: async (role, namespace) => {
      const file = path.join(directory, `${namespace}-${role}.kubeconfig`);
      const { ca, adminCertificate, adminKey } = embedded.identity;
      const user = {
        "client-certificate-data": base64(adminCertificate),
        "client-key-data": base64(adminKey),
        as: accountOf(role, namespace),
      };
      const cluster = { server: embedded.url, "certificate-authority-data": base64(ca) };
      const kubeconfig = {
        apiVersion: "v1",
        kind: "Config",
        clusters: [{ name: "hub", cluster }],
        users: [{ name: role, user }],
        contexts: [{ name: role, context: { cluster: "hub", user: role } }],
        "current-context": role,
      };
      await writeFile(file, JSON.stringify(kubeconfig), { mode: 0o600 });
      return file;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function accountOf(role: string, namespace: string): string {
  return `system:serviceaccount:${namespace}:mooring-${role}`;
}
