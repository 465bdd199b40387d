import { parseValue } from "#core/crd/parse.ts";
import type { Infer } from "#core/crd/schema.ts";
import { MooringError } from "#core/errors/index.ts";
import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { annotationsOf, labelsOf, viewString } from "#core/object/index.ts";
import { decodeBase64Text } from "#core/repo/base64.ts";
import { clusterConfigSchema } from "./config-schema.ts";
import type { ClusterAuth, ClusterConnection, ClusterTls, ExecAuth } from "./connection.ts";
import type { ClusterRecord } from "./record.ts";
import { inClusterServer } from "./record.ts";

type Config = Infer<typeof clusterConfigSchema>;

/**
 * A cluster Secret (label `argocd.argoproj.io/secret-type: cluster`) as a record. Throws CONFIG_INVALID naming the
 * Secret and the key, never a value: any of them may be a credential.
 */
export function parseClusterSecret(secret: KubeObject): ClusterRecord {
  const keys = openSecret(secret);
  const server = parseServer(keys);
  const project = keys.read("project") ?? "";
  const shard = parseShard(keys);
  return {
    name: keys.read("name") || server,
    server,
    connection: parseConnection(keys, server),
    namespaces: splitList(keys.read("namespaces") ?? ""),
    clusterResources: keys.read("clusterResources") === "true",
    ...(project === "" ? {} : { project }),
    ...(shard === undefined ? {} : { shard }),
    labels: labelsOf(secret),
    annotations: annotationsOf(secret),
    ...(secret.metadata.name === undefined ? {} : { secretName: secret.metadata.name }),
  };
}

interface SecretKeys {
  read(key: string): string | undefined;
  invalid(message: string): MooringError;
}

/** Values come from `stringData`, as in a file, before `data`, as from the API server. */
function openSecret(secret: KubeObject): SecretKeys {
  const { namespace = "", name = "" } = secret.metadata;
  const subject = ["Secret", namespace, name].filter((part) => part !== "").join("/");
  const invalid = (message: string) =>
    new MooringError("CONFIG_INVALID", `${subject}: ${message}`, { key: subject });
  const read = (key: string): string | undefined => {
    const plain = viewString(secret, "stringData", key);
    if (plain !== undefined) return plain.trim();
    const encoded = viewString(secret, "data", key);
    if (encoded === undefined) return undefined;
    const decoded = decodeBase64Text(encoded);
    if (decoded === undefined) throw invalid(`key ${key} is not base64 of text; encode it again`);
    return decoded.trim();
  };
  return { read, invalid };
}

function parseServer(keys: SecretKeys): string {
  const server = (keys.read("server") ?? "").replace(/\/+$/u, "");
  if (server === "") throw keys.invalid("key server is missing; add the API server's URL");
  if (!/^https?:\/\/[^\s/]+/u.test(server)) {
    throw keys.invalid("key server is not a URL; write it as https://host:port");
  }
  if (/^https?:\/\/[^/]*@/u.test(server)) {
    throw keys.invalid("key server contains credentials; move them into key config");
  }
  return server;
}

function parseShard(keys: SecretKeys): number | undefined {
  const shard = keys.read("shard") ?? "";
  if (shard === "") return undefined;
  if (!/^\d{1,9}$/u.test(shard)) throw keys.invalid("key shard is not a whole number; correct or remove it");
  return Number(shard);
}

function splitList(text: string): readonly string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

function parseConnection(keys: SecretKeys, server: string): ClusterConnection | undefined {
  const config = parseConfig(keys);
  const auth = parseAuth(keys, config);
  const hasCertificate = (config.tlsClientConfig?.certData ?? "") !== "";
  if (server === inClusterServer && auth.kind === "none" && !hasCertificate) return undefined;
  return {
    server,
    tls: parseTls(keys, config),
    auth,
    ...((config.proxyUrl ?? "") === "" ? {} : { proxyUrl: config.proxyUrl ?? "" }),
    ...(config.disableCompression === true ? { disableCompression: true } : {}),
  };
}

function parseConfig(keys: SecretKeys): Config {
  const text = keys.read("config") ?? "";
  if (text === "") return {};
  const json = parseJson(text);
  if (json === undefined)
    throw keys.invalid('key config is not JSON; write an object such as {"bearerToken": …}');
  const parsed = parseValue(clusterConfigSchema, json, { path: ["config"], secret: true });
  if (!parsed.ok) throw keys.invalid(parsed.problems.map((problem) => problem.message).join("; "));
  return parsed.value;
}

/** The parser's own error is left out: its message quotes the text, and the text is a credential. */
function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

function parseAuth(keys: SecretKeys, config: Config): ClusterAuth {
  if (config.awsAuthConfig !== undefined) return awsAuth(keys, config.awsAuthConfig);
  if (config.execProviderConfig !== undefined) return execAuth(keys, config.execProviderConfig);
  const { bearerToken = "", username = "", password = "" } = config;
  if (bearerToken !== "") return { kind: "token", token: bearerToken };
  if (username !== "") return { kind: "basic", username, password };
  return { kind: "none" };
}

function execAuth(keys: SecretKeys, exec: NonNullable<Config["execProviderConfig"]>): ExecAuth {
  const { command = "", apiVersion = "" } = exec;
  if (command === "") throw keys.invalid("config.execProviderConfig.command is required; add the program");
  return {
    kind: "exec",
    apiVersion: apiVersion === "" ? "client.authentication.k8s.io/v1" : apiVersion,
    command,
    args: exec.args ?? [],
    env: exec.env ?? {},
    provideClusterInfo: true,
    ...(exec.installHint === undefined ? {} : { installHint: exec.installHint }),
  };
}

/** EKS: the AWS command line makes the token, as `aws eks update-kubeconfig` sets it up. */
function awsAuth(keys: SecretKeys, aws: NonNullable<Config["awsAuthConfig"]>): ExecAuth {
  const { clusterName = "", roleARN = "", profile = "" } = aws;
  if (clusterName === "")
    throw keys.invalid("config.awsAuthConfig.clusterName is required; add the EKS cluster's name");
  const role = roleARN === "" ? [] : ["--role-arn", roleARN];
  const account = profile === "" ? [] : ["--profile", profile];
  return {
    kind: "exec",
    apiVersion: "client.authentication.k8s.io/v1beta1",
    command: "aws",
    args: ["eks", "get-token", "--output", "json", "--cluster-name", clusterName, ...role, ...account],
    env: {},
    provideClusterInfo: false,
    installHint: "install the AWS command line where Mooring runs",
  };
}

function parseTls(keys: SecretKeys, config: Config): ClusterTls {
  const { insecure = false, serverName = "", ...encoded } = config.tlsClientConfig ?? {};
  const tls: ClusterTls = {
    insecure,
    ...pem(keys, "caData", encoded.caData),
    ...pem(keys, "certData", encoded.certData),
    ...pem(keys, "keyData", encoded.keyData),
    ...(serverName === "" ? {} : { serverName }),
  };
  if (insecure && tls.caData !== undefined) {
    throw keys.invalid("config.tlsClientConfig has both insecure and caData; remove one of them");
  }
  if ((tls.certData === undefined) !== (tls.keyData === undefined)) {
    throw keys.invalid("config.tlsClientConfig has only one of certData and keyData; add the other");
  }
  return tls;
}

function pem<K extends "caData" | "certData" | "keyData">(keys: SecretKeys, field: K, encoded = "") {
  if (encoded === "") return {};
  const decoded = decodeBase64Text(encoded);
  if (decoded === undefined) {
    throw keys.invalid(`config.tlsClientConfig.${field} is not base64 of PEM text; encode the file again`);
  }
  return { [field]: decoded } as { readonly [F in K]: string };
}
