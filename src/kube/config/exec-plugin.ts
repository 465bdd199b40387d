import { spawn } from "node:child_process";
import type { ClusterConnection, ExecAuth } from "#core/cluster/connection.ts";
import { MooringError } from "#core/errors/index.ts";
import { viewObject, viewString } from "#core/object/index.ts";
import { parseJsonText } from "../http/body.ts";
import type { ClientCertificate } from "../http/dial.ts";

/** What a credential plugin printed: an ExecCredential's status. */
export interface ExecCredential {
  readonly token?: string;
  readonly certificate?: ClientCertificate;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number | undefined;
}

const timeoutMs = 60_000;
const maxOutputBytes = 1024 * 1024;
const maxShownCharacters = 300;

/**
 * Runs a client-go credential plugin (client.authentication.k8s.io v1, v1beta1) without a terminal.
 * Throws KUBE_UNAUTHORIZED when it fails, KUBE_CONFIG_INVALID when it cannot be started.
 */
export async function runExecPlugin(auth: ExecAuth, connection: ClusterConnection): Promise<ExecCredential> {
  const { stdout, stderr, exitCode } = await runCommand(auth, execInfo(auth, connection));
  if (exitCode !== 0) {
    throw failed(auth, `ended with exit code ${exitCode ?? "none"}${shown(stderr)}`);
  }
  const printed = parseJsonText(stdout);
  const status = viewObject(printed, "status");
  const token = viewString(status, "token");
  const certificate = viewString(status, "clientCertificateData");
  const key = viewString(status, "clientKeyData");
  const hasCertificate = certificate !== undefined && key !== undefined;
  if (viewString(printed, "kind") !== "ExecCredential" || (token === undefined && !hasCertificate)) {
    throw failed(auth, "printed no ExecCredential with a token or a client certificate");
  }
  const expiry = Date.parse(viewString(status, "expirationTimestamp") ?? "");
  return {
    ...(token === undefined ? {} : { token }),
    ...(hasCertificate ? { certificate: { certificate, key } } : {}),
    expiresAt: Number.isNaN(expiry) ? undefined : expiry,
  };
}

interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
}

function runCommand(auth: ExecAuth, info: string): Promise<CommandResult> {
  const { promise, resolve, reject } = Promise.withResolvers<CommandResult>();
  const child = spawn(auth.command, [...auth.args], {
    env: { ...process.env, ...auth.env, KUBERNETES_EXEC_INFO: info },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: timeoutMs,
    killSignal: "SIGKILL",
  });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8");
    child[name].on("data", (text: string) => {
      output[name] += text;
      if (output[name].length > maxOutputBytes) child.kill("SIGKILL");
    });
  }
  child.on("error", (error) => {
    const hint = auth.installHint === undefined ? "" : `; ${auth.installHint}`;
    const reason =
      "code" in error && error.code === "ENOENT" ? "is not installed or not in PATH" : "cannot run";
    reject(
      new MooringError("KUBE_CONFIG_INVALID", `credential plugin ${auth.command} ${reason}${hint}`, {
        cause: error,
      }),
    );
  });
  child.on("close", (exitCode) => resolve({ ...output, exitCode }));
  return promise;
}

function execInfo(auth: ExecAuth, connection: ClusterConnection): string {
  const { tls, server, proxyUrl } = connection;
  const cluster = {
    server,
    "tls-server-name": tls.serverName,
    "insecure-skip-tls-verify": tls.insecure ? true : undefined,
    "certificate-authority-data":
      tls.caData === undefined ? undefined : Buffer.from(tls.caData).toString("base64"),
    "proxy-url": proxyUrl,
    config: auth.clusterConfig,
  };
  return JSON.stringify({
    apiVersion: auth.apiVersion,
    kind: "ExecCredential",
    spec: { interactive: false, ...(auth.provideClusterInfo ? { cluster } : {}) },
  });
}

/** What a plugin wrote to stderr, with everything that may be a token masked. */
function shown(stderr: string): string {
  const text = stderr
    .trim()
    .replaceAll(/[\w+/=.~-]{32,}/g, "***")
    .slice(-maxShownCharacters);
  return text === "" ? "" : `: ${text}`;
}

function failed(auth: ExecAuth, what: string): MooringError {
  return new MooringError(
    "KUBE_UNAUTHORIZED",
    `credential plugin ${auth.command} ${what}; run it by hand to see why`,
  );
}
