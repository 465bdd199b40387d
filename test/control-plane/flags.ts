import type { Layout } from "./layout.ts";
import type { Binaries, ProgramName } from "./programs.ts";
import type { ProcessSpec } from "./warden-protocol.ts";

/** How each program is run on a layout. */
export function processSpecs(
  layout: Layout,
  binaries: Binaries,
  apiServerFlags: readonly string[] = [],
): Readonly<Record<ProgramName, ProcessSpec>> {
  const spec = (name: ProgramName, args: readonly string[], env = {}) => ({
    name,
    file: binaries[name],
    args,
    env,
  });
  return {
    etcd: spec("etcd", etcdFlags(layout)),
    "kube-apiserver": spec("kube-apiserver", [...apiServerFlagsOf(layout), ...apiServerFlags]),
    "kube-controller-manager": spec("kube-controller-manager", controllerManagerFlags(layout)),
    "kube-scheduler": spec("kube-scheduler", schedulerFlags(layout)),
    // Its working directory would otherwise be one in the home directory, with settings of its own.
    kwok: spec("kwok", kwokFlags(layout), { KWOK_WORKDIR: layout.directory }),
  };
}

function etcdFlags({ file, etcdUrl }: Layout): readonly string[] {
  return [
    `--data-dir=${file("etcd")}`,
    "--unsafe-no-fsync",
    `--listen-client-urls=${etcdUrl}`,
    `--advertise-client-urls=${etcdUrl}`,
    "--listen-peer-urls=http://127.0.0.1:0",
    "--log-level=warn",
  ];
}

function apiServerFlagsOf({ file, etcdUrl, apiPort, directory }: Layout): readonly string[] {
  return [
    `--etcd-servers=${etcdUrl}`,
    "--bind-address=127.0.0.1",
    "--advertise-address=127.0.0.1",
    // An endpoint of the kubernetes Service may not be a loopback address.
    "--endpoint-reconciler-type=none",
    `--secure-port=${apiPort}`,
    `--cert-dir=${directory}`,
    `--tls-cert-file=${file("server.crt")}`,
    `--tls-private-key-file=${file("server.key")}`,
    `--client-ca-file=${file("ca.crt")}`,
    `--token-auth-file=${file("tokens.csv")}`,
    "--authorization-mode=RBAC",
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${file("service-account.key")}`,
    `--service-account-signing-key-file=${file("service-account.key")}`,
    "--service-cluster-ip-range=10.96.0.0/16",
    "--allow-privileged",
    // It would taint every new node as not ready, and without the node-lifecycle controller nothing removes that.
    "--disable-admission-plugins=TaintNodesByCondition",
    // Otherwise a graceful end waits for every open watch, for up to a minute.
    "--shutdown-watch-termination-grace-period=1s",
    "--max-requests-inflight=2000",
    "--max-mutating-requests-inflight=1000",
    `--audit-policy-file=${file("audit-policy.json")}`,
    `--audit-log-path=${file("audit.log")}`,
    // In MB: a log that rotates would lose what a test counts.
    "--audit-log-maxsize=100000",
  ];
}

function controllerManagerFlags({ file }: Layout): readonly string[] {
  return [
    `--kubeconfig=${file("kube-controller-manager.kubeconfig")}`,
    "--leader-elect=false",
    "--secure-port=0",
    "--controllers=*,-node-ipam-controller,-node-lifecycle-controller",
    `--service-account-private-key-file=${file("service-account.key")}`,
    `--root-ca-file=${file("ca.crt")}`,
    "--kube-api-qps=500",
    "--kube-api-burst=1000",
  ];
}

function schedulerFlags({ file }: Layout): readonly string[] {
  return [
    `--kubeconfig=${file("kube-scheduler.kubeconfig")}`,
    "--leader-elect=false",
    "--secure-port=0",
    "--kube-api-qps=500",
    "--kube-api-burst=1000",
  ];
}

function kwokFlags({ file }: Layout): readonly string[] {
  return [
    `--kubeconfig=${file("kwok.kubeconfig")}`,
    `--config=${file("stages.yaml")}`,
    "--manage-all-nodes=true",
    "--cidr=10.244.0.0/16",
    "--node-ip=10.0.0.1",
    "--node-lease-duration-seconds=0",
  ];
}
