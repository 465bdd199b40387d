import type { ServerResponse } from "node:http";

const headers = {
  "content-security-policy":
    "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'self'; form-action 'self'; img-src 'self' data:",
  "x-content-type-options": "nosniff",
  "x-frame-options": "sameorigin",
  "referrer-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
} as const;

/** Headers of every answer to a browser: nothing from elsewhere runs, nobody frames us, nothing is guessed to be a script. */
export function secureHeaders(response: ServerResponse): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}
