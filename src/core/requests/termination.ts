import type { Application } from "#core/app/index.ts";
import { appKeyOf, formatAppKey } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { JsonObject } from "#core/object/index.ts";

/** The merge patch that ends the operation of an Application; undefined when it ends already. Throws APP_NOT_FOUND when there is none. */
export function terminationPatch(app: Application): JsonObject | undefined {
  const phase = app.status?.operationState?.phase;
  if (phase === "Terminating" && app.operation !== undefined) return undefined;
  if (app.operation !== undefined && phase === "Running") {
    return { status: { operationState: { phase: "Terminating" } } };
  }
  // Asked for and not taken up yet: taking it back is enough.
  if (app.operation !== undefined) return { operation: null };
  throw new MooringError(
    "APP_NOT_FOUND",
    `${formatAppKey(appKeyOf(app))}: no operation is in progress; see: mooring app get ${app.metadata.name} --show-operation`,
  );
}
