import type { RequestOf } from "../../../lib/api/index.ts";
import type { Credentials, Repository } from "../queries.ts";
import type { FlagName, Kind, TextName, TextSpec, Way } from "./ways.ts";
import { credentialTexts, flagsOf, moreTexts, waysOf } from "./ways.ts";

/** What somebody has typed of a repository, or of credentials for several. */
export interface RepositoryForm {
  readonly kind: Kind;
  readonly way: Way;
  readonly url: string;
  readonly name: string;
  readonly project: string;
  readonly texts: Readonly<Partial<Record<TextName, string>>>;
  readonly flags: Readonly<Partial<Record<FlagName, boolean>>>;
}

export const emptyForm: RepositoryForm = {
  kind: "git",
  way: "none",
  url: "",
  name: "",
  project: "",
  texts: {},
  flags: {},
};

/** The form with another kind, and a way that it has. */
export function withKind(form: RepositoryForm, kind: Kind): RepositoryForm {
  const isKept = form.way === "keep" || waysOf(kind).includes(form.way);
  return { ...form, kind, way: isKept ? form.way : "none" };
}

const shownTexts: readonly TextName[] = [
  "username",
  "githubAppID",
  "githubAppInstallationID",
  "githubAppEnterpriseBaseUrl",
  "azureServicePrincipalClientId",
  "azureServicePrincipalTenantId",
  "azureActiveDirectoryEndpoint",
  "tlsClientCertData",
  "proxy",
  "noProxy",
  "depth",
];
const flagNames: readonly FlagName[] = [
  "insecure",
  "enableLfs",
  "forceHttpBasicAuth",
  "insecureOCIForceHttp",
  "webhookManifestCacheWarmDisabled",
];

/** The form for what is there: of its credentials nothing is known but that they are kept. */
export function formOf(repository: Repository): RepositoryForm {
  const { repo = "", name = "", project = "", type = "git", enableOCI = false } = repository;
  const texts = shownTexts.map((field) => [field, String(repository[field] ?? "")] as const);
  const flags = flagNames.map((field) => [field, repository[field] === true] as const);
  return {
    kind: type === "helm" ? (enableOCI ? "helmOci" : "helm") : type === "oci" ? "oci" : "git",
    way: "keep",
    url: repo,
    name,
    project,
    texts: Object.fromEntries(texts.filter(([, text]) => text !== "")),
    flags: {
      ...Object.fromEntries(flags.filter(([, isSet]) => isSet)),
      ...(repository.insecureIgnoreHostKey === true ? { insecure: true } : {}),
    },
  };
}

/** Fields of the form as it is: what belongs to another way is not sent. */
function specsOf({ kind, way }: RepositoryForm): readonly TextSpec[] {
  return [...credentialTexts(way), ...moreTexts(kind, way)];
}

/** The repository as the API takes it. `before` is what was there, for what is kept and not asked. */
export function messageOf(form: RepositoryForm, before?: Repository): Repository {
  const { kind, way, url, name, project, texts, flags } = form;
  const given = specsOf(form).flatMap(({ name: field, isNumber }) => {
    const text = (texts[field] ?? "").trim();
    return text === "" ? [] : [[field, isNumber === true ? Number(text) : `${text}${endOf(field)}`] as const];
  });
  const isHostIgnored = before?.insecureIgnoreHostKey === true && before.insecure !== true;
  const set = flagsOf(kind, way)
    .filter(({ name: flag }) => flags[flag] === true)
    .map(({ name: flag }) => (flag === "insecure" && isHostIgnored ? "insecureIgnoreHostKey" : flag));
  return {
    ...(way === "keep" && before !== undefined ? keptOf(before) : {}),
    ...Object.fromEntries(given),
    ...Object.fromEntries(set.map((flag) => [flag, true])),
    ...(way === "azureIdentity" ? { useAzureWorkloadIdentity: true } : {}),
    repo: url.trim(),
    type: kind === "helmOci" ? "helm" : kind,
    ...(kind === "helmOci" ? { enableOCI: true } : {}),
    ...(name.trim() === "" ? {} : { name: name.trim() }),
    ...(project === "" ? {} : { project }),
  };
}

/** What reads keys wants a line's end after the last one. */
function endOf(field: TextName): string {
  return field === "sshPrivateKey" ? "\n" : "";
}

/** What is no secret of stored credentials: without it, they would be others. */
function keptOf(before: Repository): Repository {
  const fields = [...shownTexts, "useAzureWorkloadIdentity"] as const;
  const asked: readonly string[] = ["proxy", "noProxy", "depth"];
  return Object.fromEntries(
    fields
      .filter((field) => !asked.includes(field) && before[field] !== undefined)
      .map((field) => [field, before[field]]),
  );
}

/** The same, as it is tried before it is kept. */
export function accessOf(repository: Repository): RequestOf<"repository", "validateAccess"> {
  const {
    enableOCI,
    insecureOCIForceHttp,
    insecureIgnoreHostKey: _host,
    connectionState: _state,
    inheritedCreds: _inherited,
    enableLfs: _lfs,
    noProxy: _noProxy,
    depth: _depth,
    webhookManifestCacheWarmDisabled: _warm,
    ...same
  } = repository;
  return {
    ...same,
    ...(enableOCI === undefined ? {} : { enableOci: enableOCI }),
    ...(insecureOCIForceHttp === undefined ? {} : { insecureOciForceHttp: insecureOCIForceHttp }),
  };
}

/** Why it cannot be sent as it is; undefined when it can. The server knows more. */
export function problemOf(form: RepositoryForm): string | undefined {
  const url = form.url.trim();
  if (url === "") return "Give the address.";
  const isSsh = url.startsWith("ssh://") || /^[^/:@]+@[^/:]+:/u.test(url);
  if (form.way === "ssh" && !isSsh)
    return "An SSH key needs an address such as git@github.com:example/shop.git.";
  if (isSsh && form.kind !== "git") return "Only Git repositories are reached by SSH.";
  if (isSsh && form.way !== "ssh" && form.way !== "keep" && form.way !== "none")
    return "This address is for SSH; give a key, or an address that begins with https://.";
  for (const { name, label, isNeeded, isNumber } of specsOf(form)) {
    const text = (form.texts[name] ?? "").trim();
    if (isNeeded === true && text === "") return `${label}: is missing.`;
    if (isNumber === true && text !== "" && !/^\d{1,15}$/u.test(text)) return `${label}: must be a number.`;
  }
  return undefined;
}

/** The same for a template, which has an address in place of a repository. */
export function credentialsOf(repository: Repository): Credentials {
  const {
    repo = "",
    name: _name,
    project: _project,
    connectionState: _state,
    inheritedCreds: _inherited,
    insecure: _insecure,
    insecureIgnoreHostKey: _host,
    enableLfs: _lfs,
    depth: _depth,
    webhookManifestCacheWarmDisabled: _warm,
    ...same
  } = repository;
  return { ...same, url: repo };
}
