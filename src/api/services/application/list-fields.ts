import { isAutomated } from "#core/app/index.ts";
import type { Application } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import { projectOf } from "#core/project/project-of.ts";
import type { Query } from "./select-applications.ts";

/** What lists are narrowed by and counted by, each with an Application's value of it. */
export const listFields = {
  syncStatus: (app: KubeObject) => known(viewString(app, "status", "sync", "status")),
  healthStatus: (app: KubeObject) => known(viewString(app, "status", "health", "status")),
  project: (app: KubeObject) => projectOf(app),
  cluster: (app: KubeObject) =>
    viewString(app, "spec", "destination", "name") ?? viewString(app, "spec", "destination", "server") ?? "",
  namespace: (app: KubeObject) => viewString(app, "spec", "destination", "namespace") ?? "",
} as const;

export type ListField = keyof typeof listFields;

export const listFieldNames = Object.keys(listFields) as readonly ListField[];

/** A status that nobody has written yet is not known. */
function known(status: string | undefined): string {
  return status === undefined || status === "" ? "Unknown" : status;
}

/** One condition of a list. */
export interface ListCondition {
  /** Undefined for what is not counted. */
  readonly field: ListField | undefined;
  readonly holds: (app: KubeObject) => boolean;
}

/**
 * The conditions of a list that it can be counted without. A cluster is what the Application calls it, by name or
 * by address; `text` is looked for in name, project, repository, path, chart, destination and labels, whatever the case of letters.
 */
export function listConditions(query: Query): readonly ListCondition[] {
  const { syncStatus, healthStatus, cluster, namespace, text = "", automated } = query;
  const project = [...(query.projects ?? []), ...(query.project ?? [])];
  const wanted = { syncStatus, healthStatus, cluster, namespace, project };
  const oneOf = (Object.keys(wanted) as readonly (keyof typeof wanted)[]).flatMap((field) => {
    const values = new Set((wanted[field] ?? []).filter((value) => value !== ""));
    const valueOf = listFields[field];
    return values.size === 0 ? [] : [{ field, holds: (app: KubeObject) => values.has(valueOf(app)) }];
  });
  const words = text.toLowerCase().split(/\s+/u).filter(Boolean);
  if (text.length > maxText) {
    throw new MooringError(
      "API_INVALID_ARGUMENT",
      `text: has ${text.length} characters; look for ${maxText} at most`,
    );
  }
  return [
    ...oneOf,
    ...(words.length === 0 ? [] : [{ field: undefined, holds: (app: KubeObject) => hasWords(app, words) }]),
    ...(automated === undefined
      ? []
      : [{ field: undefined, holds: (app: KubeObject) => isAutomatedObject(app) === automated }]),
  ];
}

const maxText = 256;

function isAutomatedObject(app: KubeObject): boolean {
  return isAutomated(app as Application);
}

function hasWords(app: KubeObject, words: readonly string[]): boolean {
  const { name = "", namespace = "", labels = {} } = app.metadata;
  const { spec } = app as Application;
  const sources = [spec.source, ...(spec.sources ?? [])].flatMap((source) =>
    source === undefined ? [] : [source.repoURL, source.path, source.chart, source.targetRevision],
  );
  const { server, name: cluster, namespace: destination } = spec.destination;
  const said = [name, namespace, projectOf(app), ...sources, server, cluster, destination];
  const labelled = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  const all = [...said, ...labelled].join("\n").toLowerCase();
  return words.every((word) => all.includes(word));
}
