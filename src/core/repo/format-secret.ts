import type { KubeObject } from "#core/object/index.ts";
import { encodeBase64 } from "#core/redact/index.ts";
import { fnv32a } from "./fnv.ts";
import { secretTypeLabel } from "./secret.ts";

/** What Argo CD's Secrets of this kind are about, as their label says it. */
export type RepositorySecretType = "repository" | "repository-write" | "repo-creds" | "repo-write-creds";

/** A repository, or a template of credentials, as somebody describes it; the fields are those of Argo CD's Secret. */
export type RepositoryFields = Readonly<Record<string, string | undefined>> & { readonly url: string };

/** The Secret by which Mooring and Argo CD know a repository: Argo CD's name, label and fields. */
export function formatRepositorySecret(
  fields: RepositoryFields,
  namespace: string,
  type: RepositorySecretType = "repository",
): KubeObject {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== "");
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: repositorySecretName(fields.url, fields["project"] ?? "", type),
      namespace,
      labels: { [secretTypeLabel]: type },
      annotations: { "managed-by": "argocd.argoproj.io" },
    },
    type: "Opaque",
    data: Object.fromEntries(given.map(([name, value]) => [name, encodeBase64(value ?? "")])),
  };
}

const prefixes = {
  repository: "repo",
  "repository-write": "repo-write",
  "repo-creds": "creds",
  "repo-write-creds": "creds-write",
} as const satisfies Readonly<Record<RepositorySecretType, string>>;

/** `repo-` and the FNV-1a hash of URL and project: what `argocd repo add` names the Secret. */
export function repositorySecretName(
  url: string,
  project: string,
  type: RepositorySecretType = "repository",
): string {
  return `${prefixes[type]}-${fnv32a(url + project)}`;
}
