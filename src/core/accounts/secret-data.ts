import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { isJsonObject, viewObject, viewString } from "#core/object/index.ts";
import { encodeBase64 } from "#core/redact/index.ts";
import { decodeBase64, decodeBase64Text } from "#core/repo/base64.ts";

/** The text under a key of a Secret, without white space around it; undefined when it is missing, empty or no text. */
export function secretText(secret: KubeObject | undefined, key: string): string | undefined {
  const text = decodeBase64Text(viewString(secret, "data", key) ?? "")?.trim() ?? "";
  return text === "" ? undefined : text;
}

/** The bytes under a key of a Secret as they are; undefined when there are none. */
export function secretBytes(secret: KubeObject | undefined, key: string): Uint8Array | undefined {
  const bytes = decodeBase64(viewString(secret, "data", key) ?? "");
  return bytes === undefined || bytes.length === 0 ? undefined : bytes;
}

/** The Secret with other values under some keys; undefined removes a key. */
export function withSecretText(
  secret: KubeObject,
  changes: Readonly<Record<string, string | undefined>>,
): KubeObject {
  const changed: JsonObject = Object.fromEntries(
    Object.entries(changes).map(([key, text]) => [key, text === undefined ? undefined : encodeBase64(text)]),
  );
  const data = Object.entries({ ...viewObject(secret, "data"), ...changed });
  return { ...secret, data: Object.fromEntries(data.filter(([, value]) => value !== undefined)) };
}

/** `stringData` is for writing only: the Secret as the API server would answer with it. */
export function withEncodedData(secret: KubeObject): KubeObject {
  const { stringData, ...rest } = secret;
  if (!isJsonObject(stringData)) return secret;
  const texts = Object.entries(stringData).filter(([, text]) => typeof text === "string");
  return withSecretText(rest as KubeObject, Object.fromEntries(texts) as Record<string, string>);
}

/** A Secret of the control plane that is not there yet. */
export function newSecret(namespace: string, name: string): KubeObject {
  const labels = { "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "argocd" };
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace, labels },
    type: "Opaque",
    data: {},
  };
}
