import { isRecord } from "../is-same.ts";
import type { Application } from "../application-query.ts";

/** Who has approved a plan, and until when it may be used; times are RFC 3339. */
export interface Approval {
  readonly digest: string;
  readonly by: string;
  readonly expires: string;
}

/** A plan that an automated sync waits with. */
export interface WaitingPlan {
  readonly digest: string;
  /** What it would do: `2 to apply, 1 to prune`. */
  readonly summary: string;
}

/** The approval on an application that a sync can still use; undefined when there is none. */
export function usableApproval(app: Application, nowMs: number): Approval | undefined {
  const read = annotationIn(app, "mooring.dev/approved-plan");
  const [digest, by, expires] = ["digest", "by", "expires"].map((field) => textIn(read, field));
  if (digest === undefined || by === undefined || expires === undefined) return undefined;
  if (textIn(read, "usedAt") !== undefined || Date.parse(expires) <= nowMs) return undefined;
  return { digest, by, expires };
}

export function waitingPlan(app: Application): WaitingPlan | undefined {
  const read = annotationIn(app, "mooring.dev/waiting-plan");
  const digest = textIn(read, "digest");
  return digest === undefined ? undefined : { digest, summary: textIn(read, "summary") ?? "" };
}

type Read = Readonly<Record<string, unknown>> | undefined;

/** Anybody who may change the application may have written anything there. */
function annotationIn({ metadata }: Application, name: string): Read {
  try {
    const value: unknown = JSON.parse(metadata?.annotations?.[name] ?? "null");
    return isRecord(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function textIn(read: Read, field: string): string | undefined {
  const value = read?.[field];
  return typeof value === "string" ? value : undefined;
}
