import type { Application } from "#core/app/index.ts";
import { isAutomated } from "#core/app/index.ts";

/** `Automated (Prune)`, as `argocd app get` says it. */
export function formatPolicy(app: Application): string {
  if (!isAutomated(app)) return "Manual";
  return app.spec.syncPolicy?.automated?.prune === true ? "Automated (Prune)" : "Automated";
}

/** `Auto-Prune`, as `argocd app list` says it. */
export function formatPolicyShort(app: Application): string {
  if (!isAutomated(app)) return "Manual";
  return app.spec.syncPolicy?.automated?.prune === true ? "Auto-Prune" : "Auto";
}

/** The target revision with the commit it stands for: `main (1a2b3c4)`. */
export function formatRevision(target: string | undefined, commit: string | undefined): string {
  const name = target === undefined || target === "" ? "HEAD" : target;
  if (commit === undefined || commit === "" || commit === name) return name;
  return /^[0-9a-f]{40,64}$/u.test(commit) ? `${name} (${commit.slice(0, 7)})` : `${name} (${commit})`;
}

export function formatDestination({ spec }: Application): string {
  const { server = "", name = "" } = spec.destination;
  return server === "" ? name : server;
}

/** `2026-11-23 20:30:12 +0000 UTC`, as Go and with it argocd prints times. */
export function formatMoment(time: string | undefined): string {
  const ms = Date.parse(time ?? "");
  if (Number.isNaN(ms)) return "";
  return new Date(ms)
    .toISOString()
    .replace("T", " ")
    .replace(/\.\d+Z$/u, " +0000 UTC");
}
