import { MooringError } from "../errors/index.ts";
import type { KubeObject } from "../object/index.ts";
import { formatObjectKey, keyOf, labelsOf, viewObject, viewString } from "../object/index.ts";
import { decodeBase64Text } from "./base64.ts";

/** The label by which Argo CD finds its Secrets, and its values for repositories and credential templates. */
export const secretTypeLabel = "argocd.argoproj.io/secret-type";

/** Credentials as a Secret states them; which of them are used depends on the URL's transport. */
export interface CredentialFields {
  readonly username?: string;
  readonly password?: string;
  readonly bearerToken?: string;
  readonly sshPrivateKey?: string;
  readonly tlsClientCertData?: string;
  readonly tlsClientCertKey?: string;
  /** A way to authenticate that is not supported yet, in the user's words. */
  readonly unsupported?: string;
}

/** A credential template: applies to every repository whose URL begins with its URL. */
export interface CredentialTemplate {
  /** How messages name its Secret. */
  readonly secret: string;
  readonly url: string;
  readonly fields: CredentialFields;
  readonly proxyUrl?: string;
  readonly noProxy?: string;
  /** A `helm` repository that is an OCI registry; its URL has no scheme. */
  readonly enableOci: boolean;
  /** The registry is spoken to without TLS. */
  readonly forceHttp: boolean;
}

export interface RepositorySettings extends CredentialTemplate {
  /** `git`, `helm` or `oci`. */
  readonly type: string;
  readonly name?: string;
  /** The project it is scoped to; empty for every project. */
  readonly project: string;
  readonly insecure: boolean;
  readonly enableLfs: boolean;
}

type Read = (field: string) => string | undefined;

const textFields = [
  "username",
  "password",
  "bearerToken",
  "sshPrivateKey",
  "tlsClientCertData",
  "tlsClientCertKey",
] as const;

function secretReader(secret: KubeObject): Read {
  const data = viewObject(secret, "data");
  const stringData = viewObject(secret, "stringData");
  return (field) => {
    const plain = viewString(stringData, field);
    if (plain !== undefined) return plain === "" ? undefined : plain;
    const encoded = viewString(data, field);
    if (encoded === undefined || encoded === "") return undefined;
    const decoded = decodeBase64Text(encoded);
    if (decoded === undefined) return invalid(secret, field, "is not base64 of UTF-8 text; encode it again");
    return decoded === "" ? undefined : decoded;
  };
}

function invalid(secret: KubeObject, field: string, reason: string): never {
  const name = formatObjectKey(keyOf(secret));
  throw new MooringError("CONFIG_INVALID", `${name}: field ${field} ${reason}`, { key: name });
}

function readBoolean(secret: KubeObject, read: Read, field: string): boolean {
  const text = read(field)?.trim().toLowerCase();
  if (text === undefined || ["false", "f", "0"].includes(text)) return false;
  if (["true", "t", "1"].includes(text)) return true;
  return invalid(secret, field, 'must be "true" or "false"');
}

function unsupportedOf(read: Read): string | undefined {
  if (read("githubAppPrivateKey") !== undefined || read("githubAppID") !== undefined) return "a GitHub App";
  if (read("gcpServiceAccountKey") !== undefined) return "a Google Cloud service account";
  if (read("useAzureWorkloadIdentity")?.toLowerCase() === "true") return "Azure workload identity";
  return undefined;
}

function parseTemplate(secret: KubeObject, type: string, read: Read): CredentialTemplate {
  if (labelsOf(secret)[secretTypeLabel] !== type) {
    invalid(secret, `metadata.labels["${secretTypeLabel}"]`, `must be ${type}`);
  }
  const url = read("url")?.trim();
  if (url === undefined || url === "") return invalid(secret, "url", "is missing; set the repository's URL");
  const fields: Record<string, string> = {};
  for (const field of textFields) {
    const value = read(field);
    if (value !== undefined) fields[field] = value;
  }
  const unsupported = unsupportedOf(read);
  const proxyUrl = read("proxy")?.trim();
  const noProxy = read("noProxy")?.trim();
  return {
    secret: formatObjectKey(keyOf(secret)),
    url,
    fields: { ...fields, ...(unsupported !== undefined && { unsupported }) },
    enableOci: readBoolean(secret, read, "enableOCI"),
    forceHttp: readBoolean(secret, read, "insecureOCIForceHttp"),
    ...(proxyUrl !== undefined && { proxyUrl }),
    ...(noProxy !== undefined && { noProxy }),
  };
}

/** Reads a `repo-creds` Secret, or one that says how manifests are written; throws CONFIG_INVALID that names the Secret and the field, never a value. */
export function parseRepositoryCredentialsSecret(
  secret: KubeObject,
  type: "repo-creds" | "repo-write-creds" = "repo-creds",
): CredentialTemplate {
  return parseTemplate(secret, type, secretReader(secret));
}

/** Reads a `repository` Secret, or one that says how manifests are written; throws CONFIG_INVALID that names the Secret and the field, never a value. */
export function parseRepositorySecret(
  secret: KubeObject,
  type: "repository" | "repository-write" = "repository",
): RepositorySettings {
  const read = secretReader(secret);
  const name = read("name")?.trim();
  return {
    ...parseTemplate(secret, type, read),
    type: read("type")?.trim().toLowerCase() ?? "git",
    project: read("project")?.trim() ?? "",
    // Both spellings exist; the second is the older one, for SSH.
    insecure: readBoolean(secret, read, "insecure") || readBoolean(secret, read, "insecureIgnoreHostKey"),
    enableLfs: readBoolean(secret, read, "enableLfs"),
    ...(name !== undefined && { name }),
  };
}
