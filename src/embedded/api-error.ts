import type { JsonObject } from "#core/object/index.ts";

/** Why a request failed, in the API's words, with the HTTP code that goes with it. */
const httpCodes = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  NotAcceptable: 406,
  AlreadyExists: 409,
  Conflict: 409,
  Expired: 410,
  Gone: 410,
  RequestEntityTooLarge: 413,
  UnsupportedMediaType: 415,
  Invalid: 422,
  TooManyRequests: 429,
  InternalError: 500,
  ServiceUnavailable: 503,
  Timeout: 504,
  /** The API server gives no reason for some failures that it did not foresee. */
  Unknown: 500,
} as const;

export type StatusReason = keyof typeof httpCodes;

/** One thing that is wrong with a request, as `details.causes` holds it. */
export interface StatusCause extends JsonObject {
  readonly reason?: string;
  readonly message: string;
  readonly field?: string;
}

/** What the failed request was about. */
export interface StatusDetails extends JsonObject {
  readonly name?: string;
  readonly group?: string;
  /** The plural name of the resource, or the kind where the API server gives that. */
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

/** A failure that the client gets as a Kubernetes Status; the message is the one that kube-apiserver gives. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly reason: StatusReason;
  readonly details: StatusDetails | undefined;

  constructor(reason: StatusReason, message: string, details?: StatusDetails) {
    super(message);
    this.reason = reason;
    this.details = details;
  }

  get code(): number {
    return httpCodes[this.reason];
  }

  /** The Status object of the answer. */
  toStatus(): JsonObject {
    return {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: this.message,
      ...(this.reason === "Unknown" ? {} : { reason: this.reason }),
      ...(this.details === undefined ? {} : { details: this.details }),
      code: this.code,
    };
  }
}
