import type { KubeObject, StringMap } from "#core/object/index.ts";
import { viewObject } from "#core/object/index.ts";

/** Armored public PGP keys by the id under which they are stored. */
export type SigningKeys = StringMap;

/** The keys of Argo CD's `argocd-gpg-keys-cm`. */
export function parseSigningKeysConfigMap(configMap: KubeObject | undefined): SigningKeys {
  if (configMap === undefined) return {};
  return Object.fromEntries(
    Object.entries(viewObject(configMap, "data")).flatMap(([id, armored]) =>
      typeof armored === "string" && armored.trim() !== "" ? [[id, armored] as const] : [],
    ),
  );
}
