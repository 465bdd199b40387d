import { MooringError } from "#core/errors/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { annotationsOf, isJsonArray, isJsonObject, viewObject, viewString } from "#core/object/index.ts";
import { isSealed } from "./decrypt.ts";

/** On an object that is to reach the cluster encrypted, because something there decrypts it. */
const keepAnnotation = "mooring.dev/sops";
/** `ENC[AES256_GCM,` in base64. */
const sealedBase64 = "RU5DW0FFUzI1Nl9HQ00s";

/** True for an object that a controller in the cluster decrypts: it is neither decrypted nor refused. */
export function keepsEncryption(kind: string | undefined, annotation: string | undefined): boolean {
  return kind === "SopsSecret" || annotation === "keep";
}

/** The annotation by which an object asks to stay encrypted. */
export function keepAnnotationOf(object: JsonObject): string | undefined {
  return viewString(object, "metadata", "annotations", keepAnnotation);
}

/**
 * Throws SECRET_ENCRYPTED for an object that SOPS encrypted and nobody decrypted: with its `sops` block, or a Secret with
 * encrypted values. What reads it would take the encrypted text for the secret.
 */
export function refuseEncrypted(object: KubeObject, origin: string): void {
  if (keepsEncryption(object.kind, annotationsOf(object)[keepAnnotation])) return;
  const field = encryptedField(object);
  if (field === undefined) return;
  const { name = object.metadata.generateName ?? "", namespace = "" } = object.metadata;
  const subject = `${object.kind}/${namespace === "" ? "" : `${namespace}/`}${name}`;
  throw new MooringError(
    "SECRET_ENCRYPTED",
    `${subject} (${origin}): ${field} is still encrypted with SOPS, so it is not applied; give its key in a Secret labelled mooring.dev/secret-type=sops-keys, or annotate the object with ${keepAnnotation}: keep if something in the cluster decrypts it`,
    { key: subject },
  );
}

function encryptedField(object: KubeObject): string | undefined {
  const sops = object["sops"];
  if (isJsonObject(sops) && (typeof sops["mac"] === "string" || holdsSealed(object))) return "field sops";
  if (object.kind !== "Secret") return undefined;
  for (const part of ["data", "stringData"]) {
    const sealed = Object.entries(viewObject(object, part)).find(
      ([, value]) => typeof value === "string" && (isSealed(value) || value.startsWith(sealedBase64)),
    );
    if (sealed !== undefined) return `field ${part}.${sealed[0]}`;
  }
  return undefined;
}

function holdsSealed(value: unknown): boolean {
  if (typeof value === "string") return isSealed(value);
  if (isJsonArray(value)) return value.some((item) => holdsSealed(item));
  return isJsonObject(value) && Object.values(value).some((field) => holdsSealed(field));
}
