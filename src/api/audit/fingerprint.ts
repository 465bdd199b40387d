import { createHmac, randomBytes } from "node:crypto";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { canonicalJson } from "#core/object/index.ts";

/** Digests that tell nothing to who has not the key. */
export interface Fingerprint {
  /** Of what people write of an object: equal before and after where nothing of it changed. */
  readonly ofObject: (object: KubeObject) => string;
  readonly ofText: (text: string) => string;
}

const digits = 32;

/** With the control plane's key, so that digests of one object compare across replicas and restarts; without one, within this process. */
export function createFingerprint(hubKey: string | undefined): Fingerprint {
  const key = createHmac("sha256", hubKey ?? randomBytes(32))
    .update("audit")
    .digest();
  const ofText = (text: string): string =>
    createHmac("sha256", key).update(text).digest("hex").slice(0, digits);
  return { ofText, ofObject: (object) => ofText(canonicalJson(asWritten(object))) };
}

/** What API servers and controllers write. */
const notWritten: ReadonlySet<string> = new Set([
  "managedFields",
  "resourceVersion",
  "generation",
  "uid",
  "creationTimestamp",
  "selfLink",
]);

function asWritten({ metadata, ...object }: KubeObject): JsonObject {
  const { status: _status, ...written } = object;
  const kept = Object.entries(metadata).filter(([field]) => !notWritten.has(field));
  return { ...written, metadata: Object.fromEntries(kept) };
}
