import { secretText } from "#core/accounts/secret-data.ts";
import { dataKeysLabel } from "#core/data-keys/index.ts";
import { MooringError } from "#core/errors/index.ts";
import { resolveProject } from "#core/hub/index.ts";
import type { AutomatedImage, AutomatedProposal, GitTarget, ImageAutomation } from "#core/images/index.ts";
import { imageKey, parseAutomation } from "#core/images/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { labelsOf, viewObject, viewString } from "#core/object/index.ts";
import type { AppProject } from "#core/project/index.ts";
import { checkSource } from "#core/project/index.ts";
import type { RegistryAccess, RepositoryAccess } from "#core/repo/index.ts";
import {
  parseRepositoryUrl,
  resolveRegistryAccess,
  resolveRepositoryAccess,
  secretTypeLabel,
} from "#core/repo/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { readDockerLogins } from "#engine/images/docker-logins.ts";
import type { ForgeSettings } from "#ports/forge.ts";
import type { SigningKey } from "#ports/git-writer.ts";
import { compilePattern } from "#runtime/patterns.ts";
import type { ImageDeps } from "./deps.ts";

/** Where commits go, with all that is needed to write them. */
export interface GitPlace {
  readonly git: GitTarget;
  readonly access: RepositoryAccess;
  readonly signingKey: SigningKey | undefined;
  readonly proposing:
    | {
        readonly proposal: AutomatedProposal;
        readonly settings: ForgeSettings;
        readonly repository: string;
      }
    | undefined;
}

/** An automation whose project permits what it names. */
export interface ResolvedAutomation {
  readonly object: KubeObject;
  readonly automation: ImageAutomation;
  readonly accessTo: (name: string) => RegistryAccess;
  /** Public keys that an image must be signed by one of. */
  readonly keysOf: (entry: AutomatedImage) => readonly string[];
  /** Undefined for one that writes to an Application. */
  readonly place: GitPlace | undefined;
}

/** How messages name it. */
export function subjectOf({ namespace, name }: Pick<ImageAutomation, "namespace" | "name">): string {
  return `ImageAutomation ${namespace}/${name}`;
}

/** Finds what an automation refers to. Throws CONFIG_INVALID, CONFIG_NOT_FOUND, POLICY_FORBIDDEN, and what reading a Secret throws. */
export async function resolveAutomation(object: KubeObject, deps: ImageDeps): Promise<ResolvedAutomation> {
  const { hub } = deps;
  const automation = parseAutomation(object);
  const { namespace, project: name, target } = automation;
  const project = resolveProject(
    { project: name, namespace, subject: subjectOf(automation) },
    {
      config: deps.config(),
      namespace: hub.namespace,
      findProject: (wanted) => hub.projects.get(`${hub.namespace}/${wanted}`),
      compilePattern,
    },
  );
  const accessTo = await openAccess(automation, project, deps);
  const place =
    target.kind === "git" ? await resolvePlace(automation, target.git, { project, deps }) : undefined;
  return { object, automation, accessTo, keysOf: await readKeys(automation, deps), place };
}

async function readKeys(
  automation: ImageAutomation,
  deps: ImageDeps,
): Promise<(entry: AutomatedImage) => readonly string[]> {
  const names = new Set(automation.images.flatMap(({ verify }) => verify?.secret ?? []));
  const bySecret = new Map<string, readonly string[]>();
  for (const name of names) {
    const field = "spec.images[].verify.cosign.secretRef";
    const keys = (await readSecret({ automation, name, field }, deps)).texts();
    bySecret.set(name, keys);
  }
  return ({ verify }) => [...(verify?.keys ?? []), ...(bySecret.get(verify?.secret ?? "") ?? [])];
}

async function resolvePlace(
  automation: ImageAutomation,
  git: GitTarget,
  { project, deps }: { readonly project: AppProject; readonly deps: ImageDeps },
): Promise<GitPlace> {
  const denied = checkSource(project, git.repoUrl, subjectOf(automation));
  if (denied !== undefined) throw new MooringError("POLICY_FORBIDDEN", denied.message);
  const secretOf = async (name: string, field: string) =>
    await readSecret({ automation, name, field: `spec.git.${field}` }, deps);
  const { proposal, signingKeySecret } = git;
  const access = resolveRepositoryAccess(git.repoUrl, automation.project, deps.config().repositories);
  const keySecret =
    signingKeySecret === undefined ? undefined : await secretOf(signingKeySecret, "signingKeySecretRef");
  return {
    git,
    access,
    signingKey:
      keySecret === undefined
        ? undefined
        : { key: keySecret.require("key"), passphrase: keySecret.text("passphrase") },
    proposing:
      proposal === undefined
        ? undefined
        : {
            proposal,
            settings: {
              kind: proposal.forge,
              apiUrl: requireHttps(automation, proposal.apiUrl, deps),
              token: (await secretOf(proposal.secret, "proposal.secretRef")).require("token"),
            },
            repository: proposal.repository ?? pathOf(git.repoUrl),
          },
  };
}

/** What only this machine serves is for whoever installs the control plane. */
function requireHttps({ namespace, name }: ImageAutomation, apiUrl: string, { hub }: ImageDeps): string {
  if (namespace === hub.namespace || apiUrl.startsWith("https://")) return apiUrl;
  throw new MooringError(
    "CONFIG_INVALID",
    `${subjectOf({ namespace, name })}: spec.git.proposal.apiURL: must begin with https:// in this namespace; correct it`,
  );
}

/** `OWNER/NAME` of a repository's URL, as forges name it. */
function pathOf(repoUrl: string): string {
  return parseRepositoryUrl(repoUrl)
    .path.replace(/^\/+|\/+$/gu, "")
    .replace(/\.git$/u, "");
}

interface SecretName {
  readonly automation: ImageAutomation;
  readonly name: string;
  readonly field: string;
}

/** The texts of a Secret. */
interface SecretTexts {
  text(key: string): string | undefined;
  require(key: string): string;
  /** Every value that is a text. */
  texts(): readonly string[];
}

/** Settings of the control plane are no logins of automations: whoever names one would have it sent to a host of their own choice. */
const offered = "image-automation";
const ownSecrets = ["argocd-secret", "mooring-internal-tls"];

async function readSecret({ automation, name, field }: SecretName, deps: ImageDeps): Promise<SecretTexts> {
  const { namespace } = automation;
  const subject = `${subjectOf(automation)}: ${field}: Secret ${namespace}/${name}`;
  const secret = await deps.hub.cluster.read({ type: hubTypes.secret, namespace, name }, deps.signal);
  if (secret === undefined)
    throw new MooringError("CONFIG_NOT_FOUND", `${subject} does not exist; create it, or correct the name`);
  if (ownSecrets.includes(name) || labelsOf(secret)[secretTypeLabel] !== undefined)
    throw new MooringError(
      "POLICY_FORBIDDEN",
      `${subject} is a setting of the control plane; create one for this automation`,
    );
  const text = (key: string) => secretText(secret, key);
  requireOffered(secret, subject);
  return {
    text,
    texts: () => Object.keys(viewObject(secret, "data")).flatMap((key) => text(key) ?? []),
    require: (key) => {
      const found = text(key);
      if (found !== undefined) return found;
      throw new MooringError("CONFIG_INVALID", `${subject} has no ${key}; add it`);
    },
  };
}

/**
 * Whoever writes an automation says where a Secret is sent, and need not be permitted to read it: only its owner offers it. Throws
 * POLICY_FORBIDDEN.
 */
function requireOffered(secret: KubeObject, subject: string): void {
  if (viewString(secret, "type") === "kubernetes.io/service-account-token")
    throw new MooringError(
      "POLICY_FORBIDDEN",
      `${subject} is a token of a service account, which is no login of another host; create a Secret for this automation`,
    );
  if (labelsOf(secret)[dataKeysLabel] === offered) return;
  throw new MooringError(
    "POLICY_FORBIDDEN",
    `${subject} is not offered to ImageAutomations; if it may be sent where they say, label it ${dataKeysLabel}=${offered}`,
  );
}

/**
 * How the registry of an image is reached: with the automation's own login for its host, or else the repositories' Secrets where the
 * project's sourceRepos permit the image, or else as nobody.
 */
async function openAccess(
  automation: ImageAutomation,
  appProject: AppProject,
  deps: ImageDeps,
): Promise<(name: string) => RegistryAccess> {
  const { repositories } = deps.config();
  const { namespace, project, registrySecret } = automation;
  const secret =
    registrySecret === undefined
      ? undefined
      : await readSecret({ automation, name: registrySecret, field: "spec.registrySecretRef" }, deps);
  const logins = secret === undefined ? undefined : loginsOf(secret, subjectOf(automation));
  const isOwn = namespace === deps.hub.namespace;
  return (name) => {
    const key = imageKey(name);
    const access = resolveRegistryAccess(`oci://${key}`, project, repositories);
    const host = hostOf(access.url);
    const isConfigured = repositories.repositories.some(
      (one) =>
        one.type !== "git" && (one.project === "" || one.project === project) && hostOf(one.url) === host,
    );
    const isPermitted = checkSource(appProject, `oci://${key}`) === undefined;
    const shared = isPermitted ? access.credentials : ({ kind: "none" } as const);
    const credentials = logins?.(key.slice(0, key.indexOf("/"))) ?? shared;
    return { ...access, credentials, mayBeInternal: isOwn || isConfigured };
  };
}

function hostOf(url: string): string {
  return /^(?:[a-z]+:\/\/)?(?:[^/@]*@)?([^/]*)/u.exec(url.toLowerCase())?.[1] ?? "";
}

function loginsOf(secret: SecretTexts, subject: string): ReturnType<typeof readDockerLogins> {
  const config = secret.text(".dockerconfigjson");
  if (config !== undefined) return readDockerLogins(config, `${subject}: spec.registrySecretRef`);
  const login = {
    kind: "basic",
    username: secret.require("username"),
    password: secret.require("password"),
  } as const;
  return () => login;
}
