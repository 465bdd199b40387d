import { createHash, X509Certificate } from "node:crypto";
import { MooringError, messageOf } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { viewObject, viewString } from "#core/object/index.ts";
import type { RepositoryCertificate } from "../../contract/gen/argocd/types_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";

export type CertificateShape = ShapeOf<RepositoryCertificate>;

export const knownHostsName = "argocd-ssh-known-hosts-cm";
export const knownHostsKey = "ssh_known_hosts";
export const tlsCertificatesName = "argocd-tls-certs-cm";

/** A line of a known_hosts file (sshd(8)): names, type of the key, the key. */
export interface HostKey {
  readonly host: string;
  /** Such as `ssh-ed25519`. */
  readonly type: string;
  /** base64. */
  readonly key: string;
}

/** Undefined for comments, markers and what cannot be read. */
function parseHostKey(line: string): HostKey | undefined {
  const [host = "", type = "", key = ""] = line.trim().split(/\s+/u);
  return host === "" || host.startsWith("#") || host.startsWith("@") || key === ""
    ? undefined
    : { host, type, key };
}

/** Lines that name a key. */
function parseHostKeys(text: string): readonly HostKey[] {
  return text.split("\n").flatMap((line) => parseHostKey(line) ?? []);
}

/** A known_hosts text without some keys and with others at its end; every other line stays as it is. */
export function editHostKeys(
  text: string,
  { isGone, added }: { readonly isGone: (key: HostKey) => boolean; readonly added: readonly HostKey[] },
): string {
  const kept = text.split("\n").filter((line) => {
    const key = parseHostKey(line);
    return key === undefined || !isGone(key);
  });
  while (kept.at(-1)?.trim() === "") kept.pop();
  return [...kept, ...added.map((key) => formatHostKey(key))].map((line) => `${line}\n`).join("");
}

export function knownHostsOf(configMap: KubeObject | undefined): string {
  return viewString(configMap, "data", knownHostsKey) ?? "";
}

function formatHostKey({ host, type, key }: HostKey): string {
  return `${host} ${type} ${key}`;
}

/** As clients are shown it: with the fingerprint in place of the key. */
export function presentHostKey({ host, type, key }: HostKey): CertificateShape {
  const digest = createHash("sha256").update(Buffer.from(key, "base64")).digest("base64").replace(/=+$/u, "");
  return {
    serverName: host,
    certType: "ssh",
    certSubType: type.replace(/^ssh-/u, ""),
    certInfo: `SHA256:${digest}`,
  };
}

const pemBlock = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/gu;

/** The certificates of a text in PEM. Throws API_INVALID_ARGUMENT for what holds none, or one that cannot be read. */
export function parsePem(text: string, origin: string): readonly string[] {
  const blocks = text.match(pemBlock) ?? [];
  if (blocks.length === 0) {
    throw new MooringError(
      "API_INVALID_ARGUMENT",
      `${origin}: holds no certificate in PEM; give one or several`,
    );
  }
  for (const block of blocks) subjectOf(block, origin);
  return blocks;
}

function subjectOf(pem: string, origin: string): string {
  try {
    return new X509Certificate(pem).subject.replaceAll("\n", ",");
  } catch (error) {
    throw new MooringError("API_INVALID_ARGUMENT", `${origin}: is no certificate: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** As clients are shown it: with the subject in place of the certificate. */
export function presentCertificate(host: string, pem: string): CertificateShape {
  const { publicKey, subject } = new X509Certificate(pem);
  const type = publicKey.asymmetricKeyType ?? "";
  return { serverName: host, certType: "https", certSubType: type, certInfo: subject.replaceAll("\n", ",") };
}

export function hostKeysOf(configMap: KubeObject | undefined): readonly HostKey[] {
  return parseHostKeys(knownHostsOf(configMap));
}

/** PEM texts by host. */
export function certificatesOf(
  configMap: KubeObject | undefined,
): readonly (readonly [host: string, pem: string])[] {
  return Object.entries(viewObject(configMap, "data")).flatMap(([host, text]) =>
    typeof text === "string" ? (text.match(pemBlock) ?? []).map((pem) => [host, pem] as const) : [],
  );
}
