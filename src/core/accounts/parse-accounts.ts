import { array, integer, object, required, string } from "#core/crd/schema.ts";
import { parseValue } from "#core/crd/parse.ts";
import { isMooringError } from "#core/errors/index.ts";
import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { viewObject, viewString } from "#core/object/index.ts";
import { decodeBase64Text } from "#core/repo/base64.ts";
import { wrong } from "#core/settings/read-yaml.ts";
import type { Account, ApiToken, Capability } from "./account.ts";
import { adminName, capabilities, secretKeysOf } from "./account.ts";
import { readBoolean, readTime } from "./read-values.ts";

interface ParsedAccounts {
  readonly accounts: ReadonlyMap<string, Account>;
  /** Each names object, key and fix, and no value. */
  readonly problems: readonly string[];
}

/** What `argocd-cm` says of one account. */
interface Declared {
  readonly capabilities: Set<Capability>;
  enabled: boolean;
}

/** bcrypt as Argo CD writes it; a higher cost would keep the processor for many seconds. */
const bcryptHash = /^\$2[aby]\$(?:0[4-9]|1[0-4])\$[./A-Za-z0-9]{53}$/u;

/**
 * The local accounts of `argocd-cm` and `argocd-secret`; `admin` is always there. Never throws: an account that has a value
 * which cannot be read is disabled, and a list of tokens that cannot be read counts as empty, until somebody corrects it.
 */
export function parseAccounts(
  configMap: KubeObject | undefined,
  secret: KubeObject | undefined,
): ParsedAccounts {
  const problems: string[] = [];
  const declared = declaredAccounts(configMap, problems);
  const accounts = [...declared].map(
    ([name, each]) => [name, readAccount(name, each, { secret, problems })] as const,
  );
  return { accounts: new Map(accounts), problems };
}

function declaredAccounts(configMap: KubeObject | undefined, problems: string[]): Map<string, Declared> {
  const { namespace = "argocd", name: objectName = "argocd-cm" } = configMap?.metadata ?? {};
  const admin: Declared = { capabilities: new Set(["login"]), enabled: true };
  const declared = new Map([[adminName, admin]]);
  const named = (name: string): Declared => {
    const found = declared.get(name) ?? { capabilities: new Set<Capability>(), enabled: true };
    declared.set(name, found);
    return found;
  };
  const data = viewObject(configMap, "data");
  for (const key of Object.keys(data).toSorted()) {
    const value = data[key];
    const text = typeof value === "string" ? value.trim() : "";
    const report = (problem: string) =>
      void problems.push(`ConfigMap/${namespace}/${objectName}: ${key}: ${problem}`);
    if (key === "admin.enabled") admin.enabled &&= isEnabled(text, report);
    else if (key.startsWith("accounts.")) declare(key, text, { named, report });
  }
  return declared;
}

interface Declaring {
  readonly named: (name: string) => Declared;
  readonly report: (problem: string) => void;
}

const accountKey = /^accounts\.(?<name>[^.:\s]+)(?:\.(?<suffix>[^.]+))?$/u;

function declare(key: string, text: string, { named, report }: Declaring): void {
  const { name, suffix } = accountKey.exec(key)?.groups ?? {};
  if (name === undefined || (suffix !== undefined && suffix !== "enabled")) {
    report("has no effect; accounts.<name> and accounts.<name>.enabled have, where the name has no dot");
    return;
  }
  const account = named(name);
  if (suffix === "enabled") {
    account.enabled &&= isEnabled(text, report);
    return;
  }
  for (const word of text.split(",").map((each) => each.trim())) {
    const capability = capabilities.find((each) => each === word);
    if (capability !== undefined) account.capabilities.add(capability);
    else if (word !== "") report(`${JSON.stringify(word)} is no capability; write login, apiKey or both`);
  }
}

function isEnabled(text: string, report: (problem: string) => void): boolean {
  return (
    attempt(
      () => readBoolean(text),
      (problem) => report(`the account counts as disabled: ${problem}`),
    ) ?? false
  );
}

interface Reading {
  readonly secret: KubeObject | undefined;
  readonly problems: string[];
}

function readAccount(name: string, declared: Declared, { secret, problems }: Reading): Account {
  const { namespace = "argocd", name: objectName = "argocd-secret" } = secret?.metadata ?? {};
  const keys = secretKeysOf(name);
  const report = (key: string, problem: string) =>
    void problems.push(`Secret/${namespace}/${objectName}: ${key}: ${problem}`);
  const read = <T>(key: string, parse: (text: string) => T, otherwise: string): T | undefined => {
    const encoded = viewString(secret, "data", key) ?? "";
    if (encoded === "") return undefined;
    return attempt(
      () => parse(textOf(encoded)),
      (problem) => report(key, `${otherwise}: ${problem}`),
    );
  };
  const before = problems.length;
  const passwordChangedMs = read(keys.passwordMtime, readTime, "the account counts as disabled");
  const isReadable = problems.length === before;
  return {
    name,
    enabled: declared.enabled && isReadable,
    capabilities: declared.capabilities,
    passwordHash: read(keys.password, readHash, "nobody can log in to the account"),
    passwordChangedMs,
    tokens: read(keys.tokens, readTokens, "the account counts as having no tokens") ?? [],
  };
}

function textOf(encoded: string): string {
  const text = decodeBase64Text(encoded)?.trim();
  if (text === undefined) throw wrong("it is not base64 of text; encode it again");
  return text;
}

function readHash(text: string): string {
  if (bcryptHash.test(text)) return text;
  throw wrong("it is no bcrypt hash of a cost up to 14; make one with: mooring account bcrypt");
}

const tokensSchema = array(
  object({ id: required(string(undefined, { minLength: 1 })), iat: required(integer()), exp: integer() }),
);

function readTokens(text: string): readonly ApiToken[] {
  if (text === "") return [];
  const parsed = parseValue(tokensSchema, readJson(text) ?? [], { secret: true });
  if (!parsed.ok) throw wrong(parsed.problems.map(({ message }) => message).join("; "));
  return parsed.value.map(({ id, iat, exp = 0 }) => ({
    id,
    issuedAt: iat,
    expiresAt: exp === 0 ? undefined : exp,
  }));
}

function readJson(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    // The parser's message quotes the text.
    throw wrong("it is not JSON; correct or remove it", error);
  }
}

/** The value, or undefined and a report when it cannot be read. */
function attempt<T>(read: () => T, report: (problem: string) => void): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!isMooringError(error, "CONFIG_INVALID")) throw error;
    report(error.message);
    return undefined;
  }
}
