import type { Step } from "../run-script.ts";
import type { ScriptRequest } from "../server.ts";

/** A script that somebody wrote. */
export interface Script {
  readonly title: string;
  readonly steps: readonly Step[];
}

export const patchTypes = {
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  apply: "application/apply-patch+yaml",
} as const;

export function patch(type: keyof typeof patchTypes, path: string, body: unknown): ScriptRequest {
  return { method: "PATCH", path, body, contentType: patchTypes[type] };
}

export function post(path: string, body: unknown): ScriptRequest {
  return { method: "POST", path, body };
}

export function put(path: string, body: unknown): ScriptRequest {
  return { method: "PUT", path, body };
}

export function get(path: string): ScriptRequest {
  return { method: "GET", path };
}

export function remove(path: string, body?: unknown): ScriptRequest {
  return { method: "DELETE", path, ...(body === undefined ? {} : { body }) };
}

/** A server-side apply by a manager. */
export function apply(path: string, manager: string, body: unknown): ScriptRequest {
  return patch("apply", `${path}?fieldManager=${manager}`, body);
}

/** One that takes what others manage. */
export function forceApply(path: string, manager: string, body: unknown): ScriptRequest {
  return patch("apply", `${path}?fieldManager=${manager}&force=true`, body);
}
