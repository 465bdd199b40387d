/**
 * `retry`: never = someone must change Git or the spec; backoff = the world may heal; now = read again and repeat;
 * bug = an invariant broke. `http` is the status an API answers with, `exit` the CLI's exit code.
 */
interface ErrorClass {
  readonly retry: "never" | "backoff" | "now" | "bug";
  readonly http: number;
  readonly exit: number;
}

/** Every error Mooring raises. Codes are never reused; `docs/errors.md` lists the same codes and is checked by a test. */
export const errorCatalog = {
  CONFIG_INVALID: { retry: "never", http: 400, exit: 20 },
  CONFIG_NOT_FOUND: { retry: "never", http: 404, exit: 13 },
  APP_INVALID: { retry: "never", http: 400, exit: 20 },
  APP_NOT_FOUND: { retry: "never", http: 404, exit: 13 },
  APP_EXISTS: { retry: "never", http: 409, exit: 20 },
  APP_OPERATION_RUNNING: { retry: "never", http: 409, exit: 20 },
  APP_DESTINATION_INVALID: { retry: "never", http: 400, exit: 20 },
  POLICY_FORBIDDEN: { retry: "never", http: 403, exit: 20 },

  API_INVALID_ARGUMENT: { retry: "never", http: 400, exit: 20 },
  API_FAILED_PRECONDITION: { retry: "never", http: 400, exit: 20 },
  API_UNAUTHENTICATED: { retry: "never", http: 401, exit: 11 },
  API_FORBIDDEN: { retry: "never", http: 403, exit: 20 },
  API_NOT_FOUND: { retry: "never", http: 404, exit: 13 },
  API_METHOD_NOT_ALLOWED: { retry: "never", http: 405, exit: 20 },
  API_TOO_LARGE: { retry: "never", http: 413, exit: 20 },
  API_MEDIA_TYPE: { retry: "never", http: 415, exit: 20 },
  API_THROTTLED: { retry: "backoff", http: 429, exit: 11 },
  API_UNIMPLEMENTED: { retry: "never", http: 501, exit: 20 },
  API_CLOSING: { retry: "backoff", http: 503, exit: 11 },

  STORE_UNAVAILABLE: { retry: "backoff", http: 503, exit: 11 },

  KUBE_UNREACHABLE: { retry: "backoff", http: 502, exit: 11 },
  KUBE_UNAUTHORIZED: { retry: "backoff", http: 502, exit: 12 },
  KUBE_FORBIDDEN: { retry: "backoff", http: 403, exit: 12 },
  KUBE_NOT_FOUND: { retry: "backoff", http: 404, exit: 13 },
  KUBE_CONFLICT: { retry: "now", http: 409, exit: 12 },
  KUBE_EXISTS: { retry: "now", http: 409, exit: 12 },
  KUBE_INVALID: { retry: "never", http: 422, exit: 12 },
  KUBE_THROTTLED: { retry: "backoff", http: 429, exit: 12 },
  KUBE_GONE: { retry: "now", http: 410, exit: 12 },
  KUBE_CLOSED: { retry: "now", http: 503, exit: 11 },
  KUBE_PENDING: { retry: "now", http: 503, exit: 11 },
  KUBE_TIMEOUT: { retry: "backoff", http: 504, exit: 11 },
  KUBE_SERVER: { retry: "backoff", http: 502, exit: 12 },
  KUBE_UNKNOWN_KIND: { retry: "never", http: 400, exit: 20 },
  KUBE_TOO_LARGE: { retry: "never", http: 413, exit: 12 },
  KUBE_CONFIG_INVALID: { retry: "never", http: 400, exit: 11 },

  GIT_UNREACHABLE: { retry: "backoff", http: 502, exit: 20 },
  GIT_AUTH: { retry: "backoff", http: 502, exit: 20 },
  GIT_UNTRUSTED: { retry: "backoff", http: 502, exit: 20 },
  GIT_NOT_FOUND: { retry: "backoff", http: 404, exit: 20 },
  GIT_REVISION_NOT_FOUND: { retry: "backoff", http: 404, exit: 20 },
  GIT_PATH_NOT_FOUND: { retry: "never", http: 404, exit: 20 },
  GIT_TIMEOUT: { retry: "backoff", http: 504, exit: 20 },
  GIT_TOO_LARGE: { retry: "never", http: 413, exit: 20 },
  GIT_INVALID: { retry: "never", http: 400, exit: 20 },
  GIT_UNVERIFIED: { retry: "backoff", http: 403, exit: 20 },
  GIT_MOVED: { retry: "never", http: 409, exit: 20 },
  GIT_REJECTED: { retry: "never", http: 409, exit: 20 },
  GIT_FAILED: { retry: "backoff", http: 502, exit: 20 },

  HYDRATE_INVALID: { retry: "never", http: 400, exit: 20 },

  CHART_UNREACHABLE: { retry: "backoff", http: 502, exit: 20 },
  CHART_AUTH: { retry: "backoff", http: 502, exit: 20 },
  CHART_UNTRUSTED: { retry: "backoff", http: 502, exit: 20 },
  CHART_NOT_FOUND: { retry: "backoff", http: 404, exit: 20 },
  CHART_TIMEOUT: { retry: "backoff", http: 504, exit: 20 },
  CHART_TOO_LARGE: { retry: "never", http: 413, exit: 20 },
  CHART_INVALID: { retry: "backoff", http: 502, exit: 20 },
  CHART_UNVERIFIED: { retry: "backoff", http: 403, exit: 20 },
  CHART_REFUSED: { retry: "never", http: 403, exit: 20 },

  RENDER_INVALID: { retry: "never", http: 400, exit: 20 },
  RENDER_TOO_LARGE: { retry: "never", http: 413, exit: 20 },
  RENDER_TIMEOUT: { retry: "backoff", http: 504, exit: 20 },
  RENDER_CRASHED: { retry: "backoff", http: 500, exit: 20 },
  RENDER_UNSUPPORTED: { retry: "never", http: 400, exit: 20 },
  RENDER_PATH_NOT_FOUND: { retry: "never", http: 404, exit: 20 },
  RENDER_PLUGIN_NOT_FOUND: { retry: "backoff", http: 404, exit: 20 },
  RENDER_PLUGIN_UNREACHABLE: { retry: "backoff", http: 502, exit: 20 },

  FORGE_UNREACHABLE: { retry: "backoff", http: 502, exit: 20 },
  FORGE_AUTH: { retry: "never", http: 502, exit: 20 },
  FORGE_REFUSED: { retry: "never", http: 502, exit: 20 },
  FORGE_UNTRUSTED: { retry: "backoff", http: 502, exit: 20 },
  FORGE_THROTTLED: { retry: "backoff", http: 429, exit: 20 },
  FORGE_NOT_FOUND: { retry: "never", http: 404, exit: 20 },
  FORGE_HEAD_MOVED: { retry: "never", http: 409, exit: 20 },
  FORGE_MERGE_REFUSED: { retry: "never", http: 409, exit: 20 },

  GATE_UNREACHABLE: { retry: "backoff", http: 502, exit: 20 },
  GATE_REFUSED: { retry: "never", http: 403, exit: 20 },

  SECRET_INVALID: { retry: "never", http: 400, exit: 20 },
  SECRET_ENCRYPTED: { retry: "never", http: 400, exit: 20 },
  SECRET_KEY_MISSING: { retry: "never", http: 400, exit: 20 },
  SECRET_KEY_SERVICE: { retry: "never", http: 400, exit: 20 },

  SYNC_INVALID: { retry: "never", http: 400, exit: 20 },
  SYNC_FAILED: { retry: "backoff", http: 500, exit: 20 },
  SYNC_REFUSED: { retry: "never", http: 409, exit: 20 },
  SYNC_PLAN_CHANGED: { retry: "never", http: 409, exit: 20 },

  CLI_USAGE: { retry: "never", http: 400, exit: 20 },
  CLI_TIMEOUT: { retry: "backoff", http: 504, exit: 1 },

  API_SSO_UNREACHABLE: { retry: "backoff", http: 502, exit: 11 },
  API_SSO_INVALID: { retry: "never", http: 502, exit: 11 },

  API_UNREACHABLE: { retry: "backoff", http: 502, exit: 11 },
  API_UNTRUSTED: { retry: "never", http: 502, exit: 11 },
  API_FAILED: { retry: "backoff", http: 502, exit: 12 },
  CLI_NEEDS_CLUSTER: { retry: "never", http: 400, exit: 20 },

  INTERNAL: { retry: "bug", http: 500, exit: 20 },
} as const satisfies Record<string, ErrorClass>;

export type ErrorCode = keyof typeof errorCatalog;
export type RetryClass = ErrorClass["retry"];
