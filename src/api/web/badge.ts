import type { KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import type { HealthStatus } from "#core/health/index.ts";
import { worstHealth } from "#core/health/index.ts";
import type { ApiContext } from "../context.ts";
import type { WebAnswer } from "./answer.ts";
import type { BadgeField } from "./draw-badge.ts";
import { drawBadge } from "./draw-badge.ts";

const grey = "#696969";
const colors: Readonly<Record<string, string>> = {
  Healthy: "#18be52",
  Progressing: "#0dadea",
  Suspended: "#766f94",
  Degraded: "#e96d76",
  Missing: "#f4c030",
  Synced: "#18be52",
  OutOfSync: "#f4c030",
};

const unknown: readonly BadgeField[] = [fieldOf("Unknown"), fieldOf("Unknown")];
const maxWidth = 2_000;

function fieldOf(text: string): BadgeField {
  return { text, color: colors[text] ?? grey };
}

/**
 * The state of an application, or of the applications of projects together, for pages elsewhere. Anybody may ask, so it tells nothing
 * unless `statusbadge.enabled` of `argocd-cm` is true.
 */
export function answerBadge(context: ApiContext, query: URLSearchParams): WebAnswer {
  const { hub } = context;
  const isEnabled =
    viewString(hub.configMaps.get(`${hub.namespace}/argocd-cm`), "data", "statusbadge.enabled") === "true";
  const title = isEnabled && query.get("showAppName") === "true" ? (query.get("name") ?? "") : "";
  const wide = Number(query.get("width") ?? "");
  return {
    type: "image/svg+xml",
    text: drawBadge({
      title: title.slice(0, 253),
      fields: isEnabled ? fieldsOf(context, query) : unknown,
      width: Number.isSafeInteger(wide) && wide > 0 ? Math.min(wide, maxWidth) : undefined,
    }),
    headers: { "cache-control": "private, no-store", "cross-origin-resource-policy": "cross-origin" },
  };
}

function fieldsOf(context: ApiContext, query: URLSearchParams): readonly BadgeField[] {
  const { hub, admitsNamespace } = context;
  const projects = query.getAll("project");
  const name = query.get("name");
  if (name === null) {
    const apps = [...hub.applications.values()].filter((app) =>
      projects.includes(viewString(app, "spec", "project") ?? ""),
    );
    return apps.length === 0 ? unknown : togetherOf(apps);
  }
  const namespace = query.get("namespace") ?? hub.namespace;
  const isLookedAt = namespace === hub.namespace || admitsNamespace(namespace);
  const app = isLookedAt ? hub.applications.get(`${namespace}/${name}`) : undefined;
  const isAsked =
    app !== undefined &&
    (projects.length === 0 || projects.includes(viewString(app, "spec", "project") ?? ""));
  return isAsked
    ? [...togetherOf([app]), ...revisionOf(app, query)]
    : [fieldOf("Not Found"), fieldOf("Unknown")];
}

function togetherOf(apps: readonly KubeObject[]): readonly BadgeField[] {
  const syncs = apps.map((app) => viewString(app, "status", "sync", "status") ?? "Unknown");
  const sync = ["Unknown", "OutOfSync"].find((one) => syncs.includes(one)) ?? "Synced";
  const healths = apps.map((app) => ({
    status: (viewString(app, "status", "health", "status") ?? "Unknown") as HealthStatus,
  }));
  return [fieldOf(worstHealth(healths).status), fieldOf(sync)];
}

function revisionOf(app: KubeObject, query: URLSearchParams): readonly BadgeField[] {
  if (query.get("revision") !== "true") return [];
  const revision = viewString(app, "status", "operationState", "syncResult", "revision") ?? "";
  if (revision === "") return [];
  const text = query.get("keepFullRevision") === "true" ? revision : revision.slice(0, 7);
  return [{ text: `(${text})`, color: grey }];
}
