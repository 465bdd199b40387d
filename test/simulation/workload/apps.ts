import type { JsonObject, KubeObject } from "#core/object/index.ts";
import type { Random } from "../random.ts";
import type { GitContent } from "../world/git-content.ts";
import { hubNamespace, hubUrl, namespaces, targetUrl } from "../world/templates.ts";

/** What an Application is to be, as its owner wants it now. */
export interface AppModel {
  readonly name: string;
  readonly content: GitContent;
  readonly path: string;
  readonly branch: string;
  readonly server: string;
  readonly namespace: string;
  /** Undefined where somebody syncs by hand. */
  readonly automated: { readonly prune: boolean; readonly selfHeal: boolean } | undefined;
  /** Its objects go with it. */
  readonly finalizer: boolean;
}

export function drawApp(
  random: Random,
  name: string,
  { contents, hasTarget }: { readonly contents: readonly GitContent[]; readonly hasTarget: boolean },
): AppModel {
  const automated = { prune: random.chance(0.8), selfHeal: random.chance(0.8) };
  return {
    name,
    content: random.pick(contents),
    path: `apps/${name}`,
    branch: "main",
    server: hasTarget && random.chance(0.5) ? targetUrl : hubUrl,
    namespace: random.pick(namespaces),
    automated: random.chance(0.75) ? automated : undefined,
    finalizer: random.chance(0.6),
  };
}

export function applicationOf(app: AppModel): KubeObject {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: {
      name: app.name,
      namespace: hubNamespace,
      ...(app.finalizer ? { finalizers: ["resources-finalizer.argocd.argoproj.io"] } : {}),
    },
    spec: specOf(app),
  };
}

export function specOf(app: AppModel): JsonObject {
  return {
    project: "default",
    source: { repoURL: app.content.repository.url, path: app.path, targetRevision: app.branch },
    destination: { server: app.server, namespace: app.namespace },
    syncPolicy: {
      ...(app.automated === undefined ? {} : { automated: { ...app.automated } }),
      retry: { limit: 5, backoff: { duration: "5s", factor: 2, maxDuration: "1m" } },
    },
  };
}
