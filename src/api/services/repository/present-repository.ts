import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { viewObject } from "#core/object/index.ts";
import { decodeBase64Text, scrubUrls } from "#core/repo/index.ts";
import type { ConnectionState, RepoCreds, Repository } from "../../contract/gen/argocd/types_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";

export type RepositoryShape = ShapeOf<Repository>;
export type CredentialsShape = ShapeOf<RepoCreds>;

/** What a Secret of a repository holds, by kind of value. Keys that are not named here are secret, and never shown. */
const shown: Readonly<Record<string, "text" | "boolean" | "number">> = {
  username: "text",
  type: "text",
  name: "text",
  project: "text",
  noProxy: "text",
  insecure: "boolean",
  insecureIgnoreHostKey: "boolean",
  enableLfs: "boolean",
  enableOCI: "boolean",
  insecureOCIForceHttp: "boolean",
  forceHttpBasicAuth: "boolean",
  useAzureWorkloadIdentity: "boolean",
  webhookManifestCacheWarmDisabled: "boolean",
  githubAppID: "number",
  githubAppInstallationID: "number",
  githubAppEnterpriseBaseUrl: "text",
  azureServicePrincipalClientId: "text",
  azureServicePrincipalTenantId: "text",
  azureActiveDirectoryEndpoint: "text",
  depth: "number",
  tlsClientCertData: "text",
};

/** Whether a key of a repository's Secret holds what is never shown. */
export function isSecretField(key: string): boolean {
  return key !== "url" && key !== "proxy" && !Object.hasOwn(shown, key);
}

/** The texts of a Secret; what is not base64 of UTF-8 is left out. */
export function textsOf(secret: KubeObject): Readonly<Record<string, string>> {
  const entries = Object.entries(viewObject(secret, "data")).map(([key, value]) => [
    key,
    typeof value === "string" ? decodeBase64Text(value) : undefined,
  ]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Readonly<
    Record<string, string>
  >;
}

function presentFields(texts: Readonly<Record<string, string>>): Readonly<Record<string, JsonValue>> {
  const fields: Record<string, JsonValue> = {};
  for (const [key, kind] of Object.entries(shown)) {
    const text = texts[key] ?? "";
    if (text === "") continue;
    if (kind === "text") fields[key] = text;
    else if (kind === "number") fields[key] = Number(text);
    else if (text.toLowerCase() === "true") fields[key] = true;
  }
  const { proxy = "" } = texts;
  return proxy === "" ? fields : { ...fields, proxy: scrubUrls(proxy) };
}

/** A repository as clients are shown it: without anything that is secret. */
export function presentRepository(secret: KubeObject, state?: ShapeOf<ConnectionState>): RepositoryShape {
  const texts = textsOf(secret);
  const fields = presentFields(texts) as RepositoryShape;
  const { url = "", type = "git" } = texts;
  return {
    ...fields,
    repo: scrubUrls(url),
    type,
    ...(state === undefined ? {} : { connectionState: state }),
  };
}

/** A template of credentials as clients are shown it: without anything that is secret. */
export function presentCredentials(secret: KubeObject): CredentialsShape {
  const texts = textsOf(secret);
  const { project: _project, name: _name, ...fields } = presentFields(texts);
  return { ...(fields as CredentialsShape), url: scrubUrls(texts["url"] ?? "") };
}
