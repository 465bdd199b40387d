import { authSecretName } from "#core/accounts/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { annotationsOf, labelsOf } from "#core/object/index.ts";
import { secretTypeLabel } from "#core/repo/index.ts";

/** The ConfigMaps of a backup, in its order. */
export const backupConfigMaps = [
  "argocd-cm",
  "argocd-rbac-cm",
  "argocd-ssh-known-hosts-cm",
  "argocd-tls-certs-cm",
];

/** In our backups alone: `argocd admin import` stops at it where the ConfigMap exists. */
export const signingKeysConfigMap = "argocd-gpg-keys-cm";

export const backupKinds = ["ConfigMap", "Secret", "AppProject", "Application", "ApplicationSet"] as const;
export type BackupKind = (typeof backupKinds)[number];

/** True for a Secret of the installation: its own, those with a secret type, and what older versions of Argo CD made. */
export function isBackupSecret(secret: KubeObject): boolean {
  return (
    secret.metadata.name === authSecretName ||
    labelsOf(secret)[secretTypeLabel] !== undefined ||
    annotationsOf(secret)["managed-by"] === "argocd.argoproj.io"
  );
}

/** What an import never deletes: without them nothing of the installation works, and no backup leaves them out on purpose. */
export function isNeverPruned({ kind, metadata: { name } }: KubeObject): boolean {
  if (kind === "ConfigMap") return true;
  return (kind === "Secret" && name === authSecretName) || (kind === "AppProject" && name === "default");
}
