import { parseValue } from "#core/crd/parse.ts";
import type { Infer } from "#core/crd/schema.ts";
import { anyValue, array, boolean, map, object, openObject, required, string } from "#core/crd/schema.ts";
import type { JsonValue } from "#core/object/index.ts";
import { viewObject } from "#core/object/index.ts";
import { parseDuration } from "#core/sync/duration.ts";
import { wrong } from "#core/settings/read-yaml.ts";

const claimSchema = object({
  essential: boolean(),
  value: string(),
  values: array(string()),
});

const oidcSchema = openObject({
  name: string(),
  issuer: required(string(undefined, { minLength: 1 })),
  clientID: required(string(undefined, { minLength: 1 })),
  clientSecret: string(),
  cliClientID: string(),
  requestedScopes: array(string()),
  requestedIDTokenClaims: map(claimSchema),
  logoutURL: string(),
  rootCA: string(),
  enablePKCEAuthentication: boolean(),
  domainHint: string(),
  allowedAudiences: array(string()),
  skipAudienceCheckWhenTokenHasNoAudience: boolean(),
  enableUserInfoGroups: boolean(),
  userInfoPath: string(),
  userInfoBaseURL: string(),
  userInfoCacheExpiration: string(),
  refreshTokenThreshold: string(),
  azure: anyValue(),
});

type RequestedClaims = Readonly<Record<string, Infer<typeof claimSchema>>>;

/** Where groups are asked for, when ID tokens do not say them. */
export interface UserInfoConfig {
  readonly path: string;
  /** Where the path belongs to; the issuer by default. */
  readonly baseUrl: string;
  /** How long an answer counts; undefined for as long as the session. */
  readonly cacheMs: number | undefined;
}

/** `oidc.config`, with defaults. */
export interface OidcConfig {
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  /** The client of the command line; the server's own by default. */
  readonly cliClientId: string;
  readonly scopes: readonly string[];
  readonly requestedClaims: RequestedClaims;
  readonly logoutUrl: string | undefined;
  /** PEM; the system's authorities when undefined. */
  readonly rootCa: string | undefined;
  /** What the setting says; the server sends a PKCE challenge in any case. */
  readonly isPkceEnabled: boolean;
  readonly domainHint: string | undefined;
  readonly audiences: readonly string[];
  readonly acceptsNoAudience: boolean;
  readonly userInfo: UserInfoConfig | undefined;
  /** The client proves itself by the file that `AZURE_FEDERATED_TOKEN_FILE` names. */
  readonly usesWorkloadIdentity: boolean;
}

const defaultScopes: readonly string[] = ["openid", "profile", "email", "groups"];

interface ParsedOidcConfig {
  readonly config: OidcConfig;
  /** What has no effect; begins with the field. */
  readonly problems: readonly string[];
}

/**
 * Reads `oidc.config`. `resolve` replaces `$key` references to Secrets. Throws CONFIG_INVALID with field and fix; no message
 * shows a value.
 */
export function parseOidcConfig(
  value: JsonValue,
  resolve: (field: string, text: string) => string,
): ParsedOidcConfig {
  const parsed = parseValue(oidcSchema, value, { secret: true });
  if (!parsed.ok) throw wrong(parsed.problems.map(({ message }) => message).join("; "));
  const given = parsed.value;
  const text = (field: "clientSecret" | "logoutURL" | "rootCA" | "domainHint" | "cliClientID") => {
    const found = resolve(field, given[field] ?? "").trim();
    return found === "" ? undefined : found;
  };
  const issuer = resolve("issuer", given.issuer).trim();
  if (!/^https?:\/\/[^\s/?#@]+[^\s?#]*$/u.test(issuer)) {
    throw wrong("issuer must be an https URL without credentials, query and fragment; correct it");
  }
  const clientId = resolve("clientID", given.clientID).trim();
  const cliClientId = text("cliClientID");
  const ownAudiences = cliClientId === undefined ? [clientId] : [clientId, cliClientId];
  const { allowedAudiences = [], requestedScopes = [] } = given;
  const config: OidcConfig = {
    name: given.name ?? "OIDC",
    issuer,
    clientId,
    clientSecret: text("clientSecret"),
    cliClientId: cliClientId ?? clientId,
    scopes: requestedScopes.length === 0 ? defaultScopes : requestedScopes,
    requestedClaims: given.requestedIDTokenClaims ?? {},
    logoutUrl: text("logoutURL"),
    rootCa: text("rootCA"),
    isPkceEnabled: given.enablePKCEAuthentication ?? false,
    domainHint: text("domainHint"),
    audiences: allowedAudiences.length === 0 ? ownAudiences : allowedAudiences,
    acceptsNoAudience: given.skipAudienceCheckWhenTokenHasNoAudience ?? false,
    userInfo: userInfoOf(given, issuer),
    usesWorkloadIdentity: viewObject(given.azure ?? null)["useWorkloadIdentity"] === true,
  };
  return { config, problems: problemsOf(given, issuer) };
}

type Given = Infer<typeof oidcSchema>;

function userInfoOf(given: Given, issuer: string): UserInfoConfig | undefined {
  if (given.enableUserInfoGroups !== true) return undefined;
  const path = given.userInfoPath ?? "";
  if (!/^\/[^\s?#]*$/u.test(path)) {
    throw wrong(
      "userInfoPath must be a path such as /userinfo where enableUserInfoGroups is true; correct it",
    );
  }
  const expiration = given.userInfoCacheExpiration ?? "";
  const cacheMs = expiration === "" ? 0 : parseDuration(expiration);
  if (cacheMs < 0) throw wrong("userInfoCacheExpiration must not be negative; write it like 5m");
  return {
    path,
    baseUrl: (given.userInfoBaseURL ?? issuer).replace(/\/+$/u, ""),
    cacheMs: cacheMs === 0 ? undefined : cacheMs,
  };
}

function problemsOf(given: Given, issuer: string): readonly string[] {
  const azure = viewObject(given.azure ?? null);
  return [
    ...(issuer.startsWith("http://")
      ? ["issuer is not https, so whoever sits between can forge every identity; use https"]
      : []),
    ...((given.refreshTokenThreshold ?? "") === ""
      ? []
      : ["refreshTokenThreshold has no effect: sessions end with the ID token; remove it"]),
    ...(azure["enableUserGroupOverageClaim"] === true
      ? ["azure.enableUserGroupOverageClaim has no effect; let the provider name groups in the token"]
      : []),
  ];
}
