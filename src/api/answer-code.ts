import { Code } from "@connectrpc/connect";
import type { ErrorCode } from "#core/errors/index.ts";
import { errorCatalog, isAbortError, isMooringError } from "#core/errors/index.ts";

/** What a client is told of an error: the gRPC code, the HTTP status and a message without secrets. */
export interface ApiFailure {
  readonly code: Code;
  readonly http: number;
  readonly message: string;
}

const byHttp: Readonly<Record<number, Code>> = {
  400: Code.InvalidArgument,
  401: Code.Unauthenticated,
  403: Code.PermissionDenied,
  404: Code.NotFound,
  405: Code.Unimplemented,
  409: Code.Aborted,
  410: Code.Aborted,
  413: Code.ResourceExhausted,
  415: Code.InvalidArgument,
  422: Code.InvalidArgument,
  429: Code.ResourceExhausted,
  501: Code.Unimplemented,
  502: Code.Unavailable,
  503: Code.Unavailable,
  504: Code.DeadlineExceeded,
};

const byErrorCode: Partial<Readonly<Record<ErrorCode, Code>>> = {
  APP_EXISTS: Code.AlreadyExists,
  KUBE_EXISTS: Code.AlreadyExists,
  API_FAILED_PRECONDITION: Code.FailedPrecondition,
  APP_OPERATION_RUNNING: Code.FailedPrecondition,
};

const clientClosed = 499;

/**
 * How an error is told to a client. An error that is none of the catalogue's is a bug of ours: its text may hold anything, so the client
 * is told only that there was one, and `onBug` is given it for the log.
 */
export function failureOf(error: unknown, onBug: (error: unknown) => void): ApiFailure {
  if (isMooringError(error)) {
    const { http, retry } = errorCatalog[error.code];
    if (retry === "bug") onBug(error);
    return { code: byErrorCode[error.code] ?? byHttp[http] ?? Code.Internal, http, message: error.message };
  }
  if (isAbortError(error))
    return { code: Code.Canceled, http: clientClosed, message: "the request was cancelled" };
  onBug(error);
  return { code: Code.Internal, http: 500, message: "internal error: see the server's log" };
}
