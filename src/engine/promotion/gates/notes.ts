import type { JsonObject } from "#core/object/index.ts";
import { isJsonObject, viewNumber } from "#core/object/index.ts";
import type { GateContext, GateOutcome } from "./gate-context.ts";

/** What a gate wrote down at its last look; what cannot be read is as good as nothing. */
export function readNotes({ before }: Pick<GateContext, "before">): JsonObject {
  try {
    const notes: unknown = JSON.parse(before?.notes ?? "{}");
    return isJsonObject(notes as JsonObject) ? (notes as JsonObject) : {};
  } catch {
    return {};
  }
}

/** The number of a note, 0 unless there is one. */
export function numberOf(notes: JsonObject, name: string): number {
  return viewNumber(notes, name) ?? 0;
}

/** What was said at the last look, while the next one is not due: others may have the promotion looked at at any moment. */
export function untilDue(context: GateContext, notes: JsonObject): GateOutcome | undefined {
  const leftMs = numberOf(notes, "nextMs") - context.clock.now();
  const { before } = context;
  if (leftMs <= 0 || before === undefined) return undefined;
  const { message = "", notes: kept } = before;
  return { state: "Waiting", message, checkAgainMs: leftMs, notes: kept };
}
