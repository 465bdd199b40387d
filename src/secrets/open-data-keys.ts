import { createHash } from "node:crypto";
import type { DataKeys, OpenDataKeys } from "#ports/data-keys.ts";
import { createDataKeys } from "./data-keys.ts";
import type { KeyService } from "./key-service.ts";

/** Sets of keys that are kept ready; a project has one. */
const maxKept = 200;

/** Opens private keys once for every set of them. */
export function createDataKeysOpener(services: readonly KeyService[] = []): OpenDataKeys {
  const kept = new Map<string, DataKeys>();
  return (keys) => {
    const hash = createHash("sha256");
    for (const { type, origin, text } of keys) hash.update(JSON.stringify([type, origin, text]));
    const id = hash.digest("hex");
    const opened = kept.get(id) ?? createDataKeys({ keys, services });
    kept.delete(id);
    kept.set(id, opened);
    const [oldest] = kept.keys();
    if (kept.size > maxKept && oldest !== undefined) kept.delete(oldest);
    return opened;
  };
}
