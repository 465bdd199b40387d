import { sourcesOf } from "#core/app/index.ts";
import type { Application } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";
import { parseLabelSelector } from "#core/labels/label-selector.ts";
import type { KubeObject } from "#core/object/index.ts";
import { labelsOf } from "#core/object/index.ts";
import { repositoryMatchKey } from "#core/repo/index.ts";
import type { ApplicationQuery } from "../../contract/gen/argocd/application_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";
import { projectOf } from "#core/project/project-of.ts";

export type Query = ShapeOf<ApplicationQuery>;

/** Whether an Application is one of those that a query asks for. Throws API_INVALID_ARGUMENT for a selector that is none. */
export function queryMatcher(query: Query): (app: KubeObject) => boolean {
  const { name = "", appNamespace = "", repo = "", selector = "" } = query;
  const projects = new Set([...(query.projects ?? []), ...(query.project ?? [])].filter((one) => one !== ""));
  const matchesLabels = parseLabelSelector(
    selector,
    (message) => new MooringError("API_INVALID_ARGUMENT", `selector: ${message}; correct it`),
  );
  const repository = repo === "" ? undefined : repositoryMatchKey(repo);
  return (app) =>
    (name === "" || app.metadata.name === name) &&
    (appNamespace === "" || app.metadata.namespace === appNamespace) &&
    (projects.size === 0 || projects.has(projectOf(app))) &&
    (repository === undefined || usesRepository(app, repository)) &&
    (selector === "" || matchesLabels(labelsOf(app)));
}

function usesRepository(app: KubeObject, repository: string): boolean {
  return sourcesOf(app as Application).some(({ repoURL }) => repositoryMatchKey(repoURL) === repository);
}
