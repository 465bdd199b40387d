import { appKeyOf } from "#core/app/index.ts";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonObject, isKubeObject, keyOf, viewObject } from "#core/object/index.ts";
import { isSecret, redactSecrets } from "#core/redact/index.ts";
import type { ApiContext } from "../../context.ts";
import { maskHash } from "./mask-object.ts";

interface Masked {
  readonly app: KubeObject;
  readonly signal: AbortSignal;
}

/**
 * Clients send manifests back that they had from here, where a hash stands for each value of a Secret: what is the hash of the value that
 * lives stands for that value, so that no difference is told where there is none. It tells nobody more than the hash did.
 */
export async function restoreMasked(
  context: ApiContext,
  manifests: readonly string[],
  { app, signal }: Masked,
): Promise<readonly string[]> {
  const secrets = manifests.map((text) => secretOf(text));
  if (secrets.every((secret) => secret === undefined)) return manifests;
  const managed = await context.live.managed(appKeyOf(app), signal);
  const live = new Map(managed.map((object) => [object.key, object.live]));
  return manifests.map((text, i) => {
    const secret = secrets[i];
    const found = secret === undefined ? undefined : live.get(keyOf(secret));
    if (secret === undefined || found === undefined) return text;
    return JSON.stringify(restore(secret, found, maskHash(context, app)));
  });
}

/** Only JSON is looked at, which is what clients have from here. */
function secretOf(text: string): KubeObject | undefined {
  try {
    const object = JSON.parse(text) as JsonValue;
    return isKubeObject(object) && isSecret(object) ? object : undefined;
  } catch {
    return undefined;
  }
}

function restore(secret: KubeObject, live: KubeObject, hash: (value: string) => string): KubeObject {
  const values = viewObject(live, "data");
  const masks = viewObject(redactSecrets(live, { hash }), "data");
  const restored: Record<string, JsonValue> = {};
  const keep = (field: "data" | "stringData"): JsonObject => {
    const kept: Record<string, JsonValue> = {};
    const given = secret[field];
    for (const [name, value] of Object.entries(isJsonObject(given) ? given : {})) {
      const known = values[name];
      if (known !== undefined && value === masks[name]) restored[name] = known;
      else if (value !== undefined) kept[name] = value;
    }
    return kept;
  };
  const [data, stringData] = [keep("data"), keep("stringData")];
  return { ...secret, data: { ...data, ...restored }, stringData };
}
