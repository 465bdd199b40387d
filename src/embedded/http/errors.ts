import { ApiError, type StatusCause } from "../api-error.ts";

export function formatResource(group: string, resource: string): string {
  return group === "" ? resource : `${resource}.${group}`;
}

export function badRequest(message: string): ApiError {
  return new ApiError("BadRequest", message);
}

/** What a client makes of the answer to a path that nothing is served at. */
export function unknownPath(): ApiError {
  return new ApiError("NotFound", "the server could not find the requested resource", {});
}

export function methodNotAllowed(): ApiError {
  return new ApiError(
    "MethodNotAllowed",
    "the server does not allow this method on the requested resource",
    {},
  );
}

export function unauthorized(): ApiError {
  return new ApiError("Unauthorized", "Unauthorized");
}

export function notAcceptable(accepted: readonly string[]): ApiError {
  return new ApiError("NotAcceptable", `only the following media types are accepted: ${accepted.join(", ")}`);
}

export function unsupportedMediaType(accepted: readonly string[]): ApiError {
  const text = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(", ")}`;
  return new ApiError("UnsupportedMediaType", text);
}

export function tooLarge(maxBytes: number): ApiError {
  return new ApiError("RequestEntityTooLarge", `Request entity too large: limit is ${maxBytes}`);
}

export function tooManyRequests(): ApiError {
  return new ApiError("TooManyRequests", "Too many requests, please try again later.", {
    retryAfterSeconds: 1,
  });
}

export function internalError(): ApiError {
  return new ApiError("InternalError", "Internal error occurred: the request could not be served", {
    causes: [{ reason: "", message: "the request could not be served" }],
  });
}

/** One wrong option of a request, as validation words it. */
export interface OptionProblem {
  readonly field: string;
  readonly reason:
    | "FieldValueInvalid"
    | "FieldValueForbidden"
    | "FieldValueNotSupported"
    | "FieldValueRequired"
    | "FieldValueTooLong";
  readonly message: string;
}

/** The answer to query parameters or a body of options that validation refuses. */
export function invalidOptions(kind: string, problems: readonly OptionProblem[]): ApiError {
  const causes: readonly StatusCause[] = problems.map(({ field, reason, message }) => ({
    reason,
    message,
    field,
  }));
  const lines = problems.map(({ field, message }) => `${field}: ${message}`);
  const text = lines.length === 1 ? lines.join("") : `[${lines.join(", ")}]`;
  return new ApiError("Invalid", `${kind}.meta.k8s.io "" is invalid: ${text}`, {
    group: "meta.k8s.io",
    kind,
    causes,
  });
}
