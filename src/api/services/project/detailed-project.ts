import type { ApiCall } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import type { DetailedProjectsResponse, ProjectQuery } from "../../contract/gen/argocd/project_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";
import { clusterPolicyName } from "../cluster/find-cluster.ts";
import { presentCluster } from "../cluster/present-cluster.ts";
import { presentRepository, textsOf } from "../repository/present-repository.ts";
import { listSecrets, repositoryKinds } from "../repository/repository-secrets.ts";
import { findProject, presentProject } from "./find-project.ts";
import { globalsOf } from "./read-projects.ts";

/**
 * A project with its global projects, and those of its own repositories and clusters that the caller may see. Nothing of it is secret
 * (CVE-2025-55190 was that Argo CD's was).
 */
export async function getDetailedProject(
  context: ApiContext,
  { name = "" }: ShapeOf<ProjectQuery>,
  { caller }: ApiCall,
): Promise<ShapeOf<DetailedProjectsResponse>> {
  const project = findProject(context, name, { caller, action: "get" });
  const repositories = listSecrets(context, repositoryKinds.read, caller).filter(
    (secret) => textsOf(secret)["project"] === name,
  );
  const clusters = context
    .config()
    .clusters.filter(
      (one) =>
        one.project === name &&
        caller.may({ resource: "clusters", action: "get", object: clusterPolicyName(one) }),
    );
  return Promise.resolve({
    project: presentProject(project),
    globalProjects: globalsOf(context, project).map((one) => presentProject(one)),
    repositories: repositories.map((secret) => presentRepository(secret)),
    clusters: clusters.map((one) => presentCluster(one, context, undefined)),
  });
}
