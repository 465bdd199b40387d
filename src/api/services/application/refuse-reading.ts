import { MooringError } from "#core/errors/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { isJsonObject } from "#core/object/index.ts";

/**
 * Throws API_INVALID_ARGUMENT for a JSON patch (RFC 6902) that would tell its sender what a field holds which is hidden from them: `copy`
 * and `move` take it to where it is shown, and `test` says whether a guess is right. `isShown` knows the pointers that hide nothing.
 */
export function refuseReading(
  patch: readonly JsonValue[],
  { isShown }: { readonly isShown: (pointer: string) => boolean },
): void {
  for (const [i, operation] of patch.entries()) {
    if (!isJsonObject(operation)) continue;
    const { op, from, path } = operation;
    const read = op === "copy" || op === "move" ? from : op === "test" ? path : undefined;
    if (read === undefined || (typeof read === "string" && isShown(read))) continue;
    throw new MooringError(
      "API_INVALID_ARGUMENT",
      `patch[${i}]: ${typeof op === "string" ? op : "it"} reads a field whose value is hidden; use add, replace or remove`,
    );
  }
}
