import type { Because, Decision } from "./types.ts";

/** Why: `because of argocd-rbac-cm policy.csv line 3 (group devs): p, …`. */
export function formatBecause({ because }: Decision): string {
  if (because === undefined) return "because no line allows it";
  const { source, line, text } = because;
  const place = line === undefined ? source : `${source} line ${line}`;
  return `because of ${place}${formatThrough(because)}: ${text}`;
}

function formatThrough({ through }: Because): string {
  return through === undefined || through.kind === "subject" ? "" : ` (${through.kind} ${through.name})`;
}
