import { MooringError } from "#core/errors/index.ts";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { jsonEqual, labelsOf, mergePatchOf, viewObject } from "#core/object/index.ts";
import type { RepositorySecretType } from "#core/repo/index.ts";
import { formatRepositorySecret, repositoryMatchKey, scrubUrls, secretTypeLabel } from "#core/repo/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { patchObject } from "#engine/patch-object.ts";
import type { ObjectRef } from "#ports/cluster.ts";
import type { Caller } from "../../caller.ts";
import { forbidden } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import { apiFieldManager } from "../../context.ts";
import { withSecretsOf } from "./keep-secrets.ts";
import { textsOf } from "./present-repository.ts";

/** A kind of Secret that describes repositories, and what policies call it. */
export interface RepositoryKind {
  readonly type: RepositorySecretType;
  readonly resource: "repositories" | "write-repositories";
}

export const repositoryKinds = {
  read: { type: "repository", resource: "repositories" },
  write: { type: "repository-write", resource: "write-repositories" },
  readCredentials: { type: "repo-creds", resource: "repositories" },
  writeCredentials: { type: "repo-write-creds", resource: "write-repositories" },
} as const satisfies Readonly<Record<string, RepositoryKind>>;

/** What policies call a repository: its URL, with the project in front when it belongs to one. */
export function policyName(url: string, project: string): string {
  return project === "" ? url : `${project}/${url}`;
}

interface Access {
  readonly caller: Caller;
  readonly action: string;
}

/** Secrets of a kind that the caller may see, by URL. */
export function listSecrets(
  { hub }: Pick<ApiContext, "hub">,
  { type, resource }: RepositoryKind,
  caller: Caller,
): readonly KubeObject[] {
  caller.needsNoPermission();
  return [...hub.secrets.values()]
    .filter((secret) => labelsOf(secret)[secretTypeLabel] === type)
    .map((secret) => ({ secret, texts: textsOf(secret) }))
    .filter(({ texts: { url = "", project = "" } }) =>
      caller.may({ resource, action: "get", object: policyName(url, project) }),
    )
    .toSorted((a, b) => ((a.texts["url"] ?? "") < (b.texts["url"] ?? "") ? -1 : 1))
    .map(({ secret }) => secret);
}

interface Wanted extends Access {
  readonly url: string;
  /** Undefined when the client says nothing of it. */
  readonly project: string | undefined;
}

/**
 * The Secret of a repository. Whether there is one is told only to who may do the action on it, or on every one. Throws API_FORBIDDEN and
 * CONFIG_NOT_FOUND.
 */
export function findSecret(
  { hub }: Pick<ApiContext, "hub">,
  { type, resource }: RepositoryKind,
  { url, project, caller, action }: Wanted,
): KubeObject {
  const key = repositoryMatchKey(url);
  const candidates = [...hub.secrets.values()].filter((secret) => {
    const texts = textsOf(secret);
    const isOfProject = project === undefined || project === "" || (texts["project"] ?? "") === project;
    return (
      labelsOf(secret)[secretTypeLabel] === type &&
      isOfProject &&
      repositoryMatchKey(texts["url"] ?? "") === key
    );
  });
  const permitted = candidates.find((secret) => {
    const texts = textsOf(secret);
    return caller.may({ resource, action, object: policyName(texts["url"] ?? "", texts["project"] ?? "") });
  });
  if (permitted !== undefined) return permitted;
  const asked = {
    resource,
    action,
    object:
      candidates.length === 0 ? policyName("*", project ?? "") : policyName(scrubUrls(url), project ?? ""),
  };
  if (candidates.length > 0 || !caller.may(asked)) {
    throw forbidden({ ...asked, object: policyName(scrubUrls(url), project ?? "") }, caller.username);
  }
  throw new MooringError(
    "CONFIG_NOT_FOUND",
    `repository ${scrubUrls(url)}: is not known; see the list of repositories`,
  );
}

/** Texts of a Secret as a client describes it: booleans that are false and what is empty are left out. */
export function fieldsOf(
  shape: Readonly<Record<string, JsonValue | undefined>>,
  url: string,
): Readonly<Record<string, string>> & { readonly url: string } {
  const { repo: _repo, url: _url, connectionState: _state, inheritedCreds: _inherited, ...given } = shape;
  const texts: Record<string, string> = {};
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === "" || value === false || value === 0) continue;
    texts[key] = typeof value === "string" ? value : JSON.stringify(value);
  }
  return { ...texts, url };
}

interface Writing {
  /** Whether secrets that the fields leave out stay as they are; they go unless told. */
  readonly keepSecrets?: boolean;
  readonly fields: Readonly<Record<string, string>> & { readonly url: string };
  readonly caller: Caller;
  readonly signal: AbortSignal;
}

/** Adds a Secret. One that exists with the same texts is no error; one with others needs `upsert`. */
export async function createSecret(
  context: ApiContext,
  kind: RepositoryKind,
  { fields, upsert, caller, signal }: Writing & { readonly upsert: boolean },
): Promise<KubeObject> {
  const { hub } = context;
  const { url } = fields;
  const object = policyName(url, fields["project"] ?? "");
  if (url === "")
    throw new MooringError("API_INVALID_ARGUMENT", "repo: is missing; give the repository's URL");
  caller.require({ resource: kind.resource, action: "create", object });
  const secret = formatRepositorySecret(fields, hub.namespace, kind.type);
  const ref: ObjectRef = {
    type: hubTypes.secret,
    namespace: hub.namespace,
    name: secret.metadata.name ?? "",
  };
  const existing = await hub.cluster.read(ref, signal);
  if (existing === undefined) {
    const created = await hub.cluster.create(hubTypes.secret, secret, {
      fieldManager: apiFieldManager,
      signal,
    });
    hub.secrets.observe(created);
    return created;
  }
  if (jsonEqual(viewObject(existing, "data"), viewObject(secret, "data"))) return existing;
  if (!upsert) {
    throw new MooringError(
      "APP_EXISTS",
      `repository ${scrubUrls(url)}: exists with other settings; use upsert to change it`,
    );
  }
  return updateSecret(context, kind, { existing, fields, caller, signal });
}

/** Changes a Secret for somebody who may update it as it is and as it shall be. */
export async function updateSecret(
  { hub }: ApiContext,
  kind: RepositoryKind,
  { existing, fields, keepSecrets = false, caller, signal }: Writing & { readonly existing: KubeObject },
): Promise<KubeObject> {
  const before = textsOf(existing);
  for (const one of [before, fields] as readonly Readonly<Record<string, string>>[]) {
    const object = policyName(one["url"] ?? "", one["project"] ?? "");
    caller.require({ resource: kind.resource, action: "update", object });
  }
  const ref: ObjectRef = {
    type: hubTypes.secret,
    namespace: hub.namespace,
    name: existing.metadata.name ?? "",
  };
  const changed = await patchObject(hub.cluster, ref, {
    decide: (object) => {
      const texts = keepSecrets ? withSecretsOf(textsOf(object), fields) : fields;
      const wanted = viewObject(formatRepositorySecret(texts, hub.namespace, kind.type), "data");
      const patch = mergePatchOf(viewObject(object, "data"), wanted);
      return patch === undefined ? undefined : ({ data: patch } as JsonObject);
    },
    fieldManager: apiFieldManager,
    signal,
  });
  if (changed === undefined) {
    throw new MooringError("CONFIG_NOT_FOUND", `repository ${scrubUrls(fields.url)}: was deleted meanwhile`);
  }
  hub.secrets.observe(changed);
  return changed;
}

/** Deletes the Secret of a repository. */
export async function removeSecret(
  context: ApiContext,
  kind: RepositoryKind,
  { signal, ...wanted }: Omit<Wanted, "action"> & { readonly signal: AbortSignal },
): Promise<void> {
  const { metadata } = findSecret(context, kind, { ...wanted, action: "delete" });
  const { name = "", uid = "" } = metadata;
  const ref: ObjectRef = { type: hubTypes.secret, namespace: context.hub.namespace, name };
  await context.hub.cluster.remove(ref, { propagation: "Background", uid, signal });
}
