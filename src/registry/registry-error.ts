import type { ErrorCode } from "#core/errors/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { RegistryAccess } from "#core/repo/index.ts";
import { scrubUrls } from "#core/repo/index.ts";

export type ChartErrorCode = Extract<ErrorCode, `CHART_${string}`>;

/** What a message is about: the repository and what is wanted of it. */
export interface Subject {
  /** Such as `repository https://charts.example.com: chart web 1.2.0`. */
  readonly text: string;
  /** The repository's URL as it may be shown. */
  readonly key: string;
}

/** A URL fit for a message: without credentials, and without a query, which often is a signature. */
export function shownUrl(url: string): string {
  return scrubUrls(url).replace(/\?.*$/, "?…").slice(0, 300);
}

export function subjectOf(access: RegistryAccess, wanted?: string): Subject {
  const key = shownUrl(access.url);
  const noun = { helm: "repository", oci: "registry", file: "file" }[access.kind];
  return { text: wanted === undefined ? `${noun} ${key}` : `${noun} ${key}: ${wanted}`, key };
}

/** Text of others made fit for a message: one line, not endless, quoted. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}

export function chartError(
  code: ChartErrorCode,
  subject: Subject,
  more: { readonly text: string; readonly cause?: unknown; readonly retryAfterMs?: number },
): MooringError {
  return new MooringError(code, `${subject.text}: ${more.text}`, {
    key: subject.key,
    ...(more.cause !== undefined && { cause: more.cause }),
    ...(more.retryAfterMs !== undefined && { retryAfterMs: more.retryAfterMs }),
  });
}
