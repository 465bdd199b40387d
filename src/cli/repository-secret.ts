import type { KubeObject } from "#core/object/index.ts";
import { encodeBase64 } from "#core/redact/index.ts";
import { secretTypeLabel } from "#core/repo/index.ts";

/** A repository as a command line describes it; the fields are those of Argo CD's Secret. */
export type RepositoryFields = Readonly<Record<string, string | undefined>> & { readonly url: string };

/** The Secret by which Mooring and Argo CD know a repository: Argo CD's name, label and fields. */
export function formatRepositorySecret(fields: RepositoryFields, namespace: string): KubeObject {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== "");
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: repositorySecretName(fields.url, fields["project"] ?? ""),
      namespace,
      labels: { [secretTypeLabel]: "repository" },
      annotations: { "managed-by": "argocd.argoproj.io" },
    },
    type: "Opaque",
    data: Object.fromEntries(given.map(([name, value]) => [name, encodeBase64(value ?? "")])),
  };
}

/** `repo-` and the FNV-1a hash of URL and project: what `argocd repo add` names the Secret. */
export function repositorySecretName(url: string, project: string): string {
  return `repo-${fnv32a(url + project)}`;
}

/** Argo CD hashes with Go's `fnv.New32a` (http://www.isthe.com/chongo/tech/comp/fnv/). */
function fnv32a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text, "utf8")) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}
