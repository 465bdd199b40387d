import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { jsonEqual } from "#core/object/index.ts";
import type { SystemCalls } from "../../collect/system-calls.ts";
import type { StoreKey } from "../../storage/store.ts";

/** Writes a status unless it is what the object has. */
export function writeStatus(
  calls: SystemCalls,
  key: StoreKey,
  { object, status }: { readonly object: KubeObject; readonly status: JsonObject },
): void {
  if (jsonEqual(object["status"], status)) return;
  calls.replace(key, { ...object, status }, "status");
}
