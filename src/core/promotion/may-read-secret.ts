import type { KubeObject } from "#core/object/index.ts";
import { namedProject } from "#core/project/project-of.ts";

const promotionSecretLabel = { name: "mooring.dev/secret-type", value: "promotion" } as const;
const projectKey = "mooring.dev/project";
/** Of Argo CD: it makes a Secret one of a repository or of a cluster. */
const foreignType = "argocd.argoproj.io/secret-type";
const foreignNames = ["argocd-secret", "argocd-initial-admin-secret", "argocd-redis"];

/**
 * Whether a Pipeline of a project may use a Secret: only one whose owner says so. Otherwise whoever may write a Pipeline could have any Secret of its
 * namespace sent to an address of their own.
 */
export function mayReadSecret({ metadata }: KubeObject, project: string): boolean {
  const { name = "", labels = {}, annotations = {} } = metadata;
  if (foreignNames.includes(name) || labels[foreignType] !== undefined) return false;
  if (labels[promotionSecretLabel.name] !== promotionSecretLabel.value) return false;
  const owners = [labels[projectKey], annotations[projectKey]].filter((owner) => owner !== undefined);
  return owners.every((owner) => namedProject(owner) === project);
}

/** What a Secret needs for `mayReadSecret`, to be read after "needs". */
export function describeReadable(project: string): string {
  return `the label ${promotionSecretLabel.name}: ${promotionSecretLabel.value}, no label ${foreignType}, and no label or annotation ${projectKey} of another project than ${project}`;
}
