import type { Application, Operation, OperationState } from "#core/app/index.ts";
import { withoutManifests } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { jsonEqual } from "#core/object/index.ts";
import type { ObjectRef } from "#ports/cluster.ts";
import type { CliHub } from "./hub.ts";
import type { CliPorts } from "./ports.ts";
import { waitForApplication } from "./watch-application.ts";

export interface AwaitOptions {
  readonly ports: CliPorts;
  readonly operation: Operation;
  readonly timeoutSeconds: number | undefined;
  readonly onChange: (app: Application) => void;
}

export interface EndedOperation {
  readonly app: Application;
  readonly state: OperationState;
}

/**
 * Watches until an operation that was put on an Application has ended. Every version of the Application seen from here on is
 * later than that, so once the operation is off it, its state is the operation's end. Undefined when the time is up; throws
 * APP_NOT_FOUND when the Application goes away, SYNC_FAILED when another operation took the place of this one.
 */
export async function awaitOperation(
  hub: CliHub,
  ref: ObjectRef,
  { ports, operation, timeoutSeconds, onChange }: AwaitOptions,
): Promise<EndedOperation | undefined> {
  const subject = `Application/${ref.namespace}/${ref.name}`;
  return waitForApplication<EndedOperation>(hub, ports, {
    ref,
    timeoutSeconds,
    until: (app) => {
      if (app === undefined) {
        throw new MooringError("APP_NOT_FOUND", `${subject}: was deleted while its operation ran`);
      }
      onChange(app);
      if (app.operation !== undefined && isSame(app.operation, operation)) return undefined;
      const state = app.status?.operationState;
      if (state?.finishedAt !== undefined && isRecordOf(operation, state.operation)) {
        return { app, state };
      }
      throw new MooringError(
        "SYNC_FAILED",
        `${subject}: another operation took the place of this one; see: mooring app get ${ref.name} --show-operation`,
      );
    },
  });
}

function isSame(a: Operation, b: Operation): boolean {
  return jsonEqual(a as JsonObject, b as JsonObject);
}

/** Manifests are left out of what has ended; Argo CD's controller leaves them in. */
function isRecordOf(operation: Operation, recorded: Operation): boolean {
  return isSame(recorded, withoutManifests(operation)) || isSame(recorded, operation);
}
