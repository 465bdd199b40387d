import { MooringError } from "#core/errors/index.ts";
import { scrubUrls } from "#core/repo/index.ts";
import { isSecretField } from "./present-repository.ts";

type Texts = Readonly<Record<string, string>>;

/** Fields that say to whom credentials are sent, and by which way. Those that are `true` open a way, and may be taken back. */
const ways = [
  "type",
  "enableOCI",
  "proxy",
  "noProxy",
  "insecure",
  "insecureIgnoreHostKey",
  "insecureOCIForceHttp",
  "githubAppEnterpriseBaseUrl",
  "azureActiveDirectoryEndpoint",
] as const;

/**
 * The fields of a repository with the secrets that it has, where none are given. Throws API_INVALID_ARGUMENT when they would go another
 * way than before: who does not know a secret could have it sent to themself.
 */
export function withSecretsOf<Fields extends Texts & { readonly url: string }>(
  before: Texts,
  fields: Fields,
): Fields {
  // It is shown without its password.
  const isSameProxy = fields["proxy"] !== undefined && fields["proxy"] === scrubUrls(before["proxy"] ?? "");
  const given = isSameProxy ? { ...fields, proxy: before["proxy"] ?? "" } : fields;
  const kept = Object.entries(before).filter(([key]) => isSecretField(key) && given[key] === undefined);
  const way = ways.find((key) => isAnotherWay(key, before, given));
  if (kept.length === 0 || way === undefined) return { ...Object.fromEntries(kept), ...given };
  throw new MooringError(
    "API_INVALID_ARGUMENT",
    `repository ${scrubUrls(fields.url)}: ${way} is another, and its credentials would be sent that way; give them again`,
  );
}

function isAnotherWay(key: (typeof ways)[number], before: Texts, after: Texts): boolean {
  const [old, now] = [before[key] ?? "", after[key] ?? ""];
  // Git is what a repository without a type is.
  if (key === "type") return (old === "" ? "git" : old) !== (now === "" ? "git" : now);
  return old !== now && !(old === "true" && now === "");
}
