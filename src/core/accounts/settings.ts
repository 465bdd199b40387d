import { parseValue } from "#core/crd/parse.ts";
import { array, string } from "#core/crd/schema.ts";
import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewString } from "#core/object/index.ts";
import type { ConfigMapReader } from "#core/settings/config-map-reader.ts";
import { openConfigMap } from "#core/settings/config-map-reader.ts";
import type { ParseYaml } from "#core/settings/read-yaml.ts";
import { readYaml, wrong } from "#core/settings/read-yaml.ts";
import { parseDuration } from "#core/sync/duration.ts";
import type { WebhookSettings } from "#core/webhook/settings.ts";
import { readWebhookSettings } from "#core/webhook/settings.ts";
import type { Account } from "./account.ts";
import { authSecretName, signingKeyName } from "./format.ts";
import type { OidcConfig } from "./oidc-config.ts";
import { parseOidcConfig } from "./oidc-config.ts";
import { parseAccounts } from "./parse-accounts.ts";
import { readBoolean } from "./read-values.ts";
import { secretBytes } from "./secret-data.ts";
import { resolveReference } from "./secret-references.ts";

/** Whom people are sent to for logging in; undefined when there are only local accounts. */
type SsoSettings =
  | { readonly kind: "oidc"; readonly config: OidcConfig }
  /** A Dex beside the server, reached under `/api/dex` of the server's URL. */
  | { readonly kind: "dex"; readonly connectors: readonly DexConnector[] };

/** What `dex.config` says of a connector that may be shown to everybody. */
interface DexConnector {
  readonly name: string;
  readonly type: string;
}

/** What `argocd-cm` and `argocd-secret` say about who may come in. */
export interface AuthSettings {
  /** `url`, without a slash at the end; undefined when it is not set. */
  readonly url: string | undefined;
  readonly additionalUrls: readonly string[];
  /** `users.anonymous.enabled`. */
  readonly isAnonymousEnabled: boolean;
  /** `users.session.duration`. */
  readonly sessionMs: number;
  /** `passwordPattern`, in Go's syntax; not compiled yet. */
  readonly passwordPattern: string;
  readonly accounts: ReadonlyMap<string, Account>;
  /** `server.secretkey`: what tokens are signed with. */
  readonly signingKey: Uint8Array | undefined;
  readonly sso: SsoSettings | undefined;
  /** `oidc.tls.insecure.skip.verify`. */
  readonly skipsTlsVerification: boolean;
  /** What events of forges and registries must prove. */
  readonly webhooks: WebhookSettings;
}

const defaultPasswordPattern = "^.{8,32}$";
const defaultSessionMs = 24 * 3_600_000;

export interface AuthObjects {
  /** `argocd-cm`. */
  readonly configMap: KubeObject | undefined;
  /** `argocd-secret`. */
  readonly secret: KubeObject | undefined;
  /** Another Secret that `oidc.config` or a webhook's secret refers to. */
  readonly otherSecret: (name: string) => KubeObject | undefined;
}

interface ParsedAuthSettings {
  readonly settings: AuthSettings;
  /** What could not be read and what has no effect; each names object, key and fix, and no value of a Secret. */
  readonly problems: readonly string[];
}

/** Reads who may come in. Never throws: a wrong value leaves the safer default in force and is reported. */
export function parseAuthSettings(objects: AuthObjects, parseYaml: ParseYaml): ParsedAuthSettings {
  const { configMap, secret } = objects;
  const reader = openConfigMap(configMap);
  const parsedAccounts = parseAccounts(configMap, secret);
  const signingKey = secretBytes(secret, signingKeyName);
  const secretProblems: string[] = [];
  const settings: AuthSettings = {
    url: reader.read("url", readUrl),
    additionalUrls: reader.read("additionalUrls", (text) => readUrls(text, parseYaml)) ?? [],
    isAnonymousEnabled: reader.read("users.anonymous.enabled", readBoolean) ?? false,
    sessionMs: reader.read("users.session.duration", readSessionMs) ?? defaultSessionMs,
    passwordPattern: reader.read("passwordPattern", (text) => text) ?? defaultPasswordPattern,
    accounts: parsedAccounts.accounts,
    signingKey,
    sso: readSso(reader, objects, parseYaml),
    skipsTlsVerification: reader.read("oidc.tls.insecure.skip.verify", readBoolean) ?? false,
    webhooks: readWebhookSettings(reader, objects, secretProblems),
  };
  return {
    settings,
    problems: [
      ...parsedAccounts.problems,
      ...signingKeyProblems(secret, signingKey),
      ...secretProblems,
      ...(settings.sso !== undefined && settings.url === undefined
        ? [
            reader.name(
              "url is not set, so nobody can log in by SSO in a browser; set it to the server's address",
            ),
          ]
        : []),
      ...reader.problems,
    ],
  };
}

function signingKeyProblems(
  secret: KubeObject | undefined,
  signingKey: Uint8Array | undefined,
): readonly string[] {
  if (signingKey === undefined || signingKey.length >= 16) return [];
  const { namespace = "argocd", name = authSecretName } = secret?.metadata ?? {};
  return [
    `Secret/${namespace}/${name}: ${signingKeyName}: has only ${signingKey.length} bytes, so tokens can be forged by guessing it; remove it, and the server makes a new one`,
  ];
}

function readSso(
  reader: ConfigMapReader,
  objects: AuthObjects,
  parseYaml: ParseYaml,
): SsoSettings | undefined {
  const oidc = reader.read("oidc.config", (text) => {
    const source = {
      own: objects.secret,
      other: objects.otherSecret,
      report: (problem: string) => reader.report(`oidc.config: ${problem}`),
    };
    return parseOidcConfig(readSecretYaml(text, parseYaml), (field, value) =>
      resolveReference(source, field, value),
    );
  });
  for (const problem of oidc?.problems ?? []) reader.report(`oidc.config: ${problem}`);
  if (oidc !== undefined) return { kind: "oidc", config: oidc.config };
  return reader.read("dex.config", (text) => readDex(text, parseYaml));
}

function readDex(text: string, parseYaml: ParseYaml): SsoSettings {
  const value = readSecretYaml(text, parseYaml);
  if (!isJsonObject(value)) throw wrong("it must be an object with connectors; see Dex's documentation");
  const connectors = viewArray(value, "connectors").map((connector) => ({
    name: viewString(connector, "name") ?? "",
    type: viewString(connector, "type") ?? "",
  }));
  return { kind: "dex", connectors };
}

/** What the parser says of a broken text may quote it, and a client's secret may stand in it. */
function readSecretYaml(text: string, parseYaml: ParseYaml): JsonValue {
  try {
    return readYaml(text, parseYaml);
  } catch (error) {
    throw wrong("it is not YAML; correct its indentation and quotes", error);
  }
}

function readUrl(text: string): string {
  const url = text.replace(/\/+$/u, "");
  if (/^https?:\/\/[^\s/?#@]+[^\s?#@]*$/u.test(url)) return url;
  throw wrong("it is no URL; write it like https://argocd.example.com");
}

function readUrls(text: string, parseYaml: ParseYaml): readonly string[] {
  const parsed = parseValue(array(string()), readYaml(text, parseYaml));
  if (!parsed.ok) throw wrong(parsed.problems.map(({ message }) => message).join("; "));
  return parsed.value.map((url) => readUrl(url));
}

function readSessionMs(text: string): number {
  const days = /^(\d{1,4})d$/u.exec(text)?.[1];
  const ms = days === undefined ? parseDuration(text) : Number(days) * 86_400_000;
  if (ms >= 60_000) return ms;
  throw wrong("it is less than a minute; write it like 24h");
}
