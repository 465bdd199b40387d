import { isMooringError, MooringError } from "#core/errors/index.ts";
import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { isKubeObject } from "#core/object/index.ts";
import { refuseEncrypted } from "#core/sops/index.ts";
import type { RenderResult } from "#ports/renderer.ts";
import { formatManifests } from "./manifest-yaml.ts";

/**
 * What a render is in Git. Throws HYDRATE_INVALID for what SOPS encrypted: decrypted it may not be committed, and encrypted it could not be
 * decrypted from among other objects.
 */
export function hydratedManifests({ manifests, origins, secretPaths }: RenderResult): string {
  const parsed = JSON.parse(Buffer.from(manifests).toString("utf8")) as readonly JsonValue[];
  const objects = parsed.filter((value) => isKubeObject(value));
  for (const [i, object] of objects.entries()) {
    const origin = origins[i] ?? "";
    const holdsDecrypted = secretPaths !== undefined && mayHold(object, secretPaths[i] ?? []);
    if (holdsDecrypted || isEncrypted(object, origin)) throw refusal(object, origin);
  }
  // A tool may have made something else of what was decrypted, such as a hash or an archive.
  if (secretPaths !== undefined) throw new MooringError("HYDRATE_INVALID", decryptedSomewhere);
  return formatManifests(objects);
}

const decryptedSomewhere =
  "a file of spec.sourceHydrator.drySource is encrypted with SOPS, and what is made of it is not committed; move that file to an Application that is not hydrated";

/** Of Secrets a render does not say which of their values were decrypted. */
function mayHold(object: KubeObject, paths: readonly unknown[]): boolean {
  return paths.length > 0 || object.kind === "Secret";
}

function isEncrypted(object: KubeObject, origin: string): boolean {
  try {
    refuseEncrypted(object, origin);
    return false;
  } catch (error) {
    if (isMooringError(error, "SECRET_ENCRYPTED")) return true;
    throw error;
  }
}

function refusal({ kind, metadata }: KubeObject, origin: string): MooringError {
  const { name = metadata.generateName ?? "" } = metadata;
  return new MooringError(
    "HYDRATE_INVALID",
    `${kind}/${name} (${origin}): is encrypted with SOPS and is not committed decrypted; move ${origin.replace(/#\d+$/u, "")} out of spec.sourceHydrator.drySource.path to an Application that is not hydrated, or annotate the object with mooring.dev/sops: keep if something in the cluster decrypts it`,
  );
}
