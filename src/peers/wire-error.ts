import type { ErrorCode } from "#core/errors/index.ts";
import { errorCatalog, isMooringError, MooringError, stackOf } from "#core/errors/index.ts";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { viewNumber, viewString } from "#core/object/index.ts";
import type { Log } from "#runtime/log.ts";

/** An error as it is sent. What is a bug of ours is told to the log alone, since nobody knows what its message holds. */
export function formatWireError(error: unknown, log: Log): JsonObject {
  if (!isMooringError(error)) {
    log.error("a call of the server hit a bug", { error: stackOf(error) });
    return { code: "INTERNAL", message: "the controller hit a bug; see its log" };
  }
  const { code, message, key, retryAfterMs } = error;
  return {
    code,
    message,
    ...(key === undefined ? {} : { key }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** The error that was sent. */
export function parseWireError(value: JsonValue | undefined): MooringError {
  const code = viewString(value, "code") ?? "";
  const message = viewString(value, "message");
  if (!isErrorCode(code) || message === undefined) {
    return new MooringError("INTERNAL", "the controller answered with an error that is none; see its log");
  }
  const key = viewString(value, "key");
  const retryAfterMs = viewNumber(value, "retryAfterMs");
  return new MooringError(code, message, {
    ...(key === undefined ? {} : { key }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorCatalog, code);
}
