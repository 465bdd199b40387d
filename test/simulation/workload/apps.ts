import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { annotationKey } from "#core/tracking/index.ts";
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
  /** It asks to be rolled back when a revision fails. */
  readonly goesBack: boolean;
  /** Which syncs need an approved plan, as its annotation says. */
  readonly approval: "true" | "except-self-heal" | undefined;
  /** Names of the Applications that it depends on. */
  readonly dependsOn: readonly string[];
}

interface Surroundings {
  readonly contents: readonly GitContent[];
  readonly hasTarget: boolean;
  /** Applications that it may depend on. */
  readonly others: readonly string[];
}

export function drawApp(
  random: Random,
  name: string,
  { contents, hasTarget, others }: Surroundings,
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
    goesBack: random.chance(0.4),
    approval: drawApproval(random.fork("approval")),
    // Never the other way round: who depends on himself waits for ever.
    dependsOn: others.filter((other) => other < name && random.chance(0.3)),
  };
}

function drawApproval(random: Random): AppModel["approval"] {
  if (random.chance(0.7)) return undefined;
  return random.chance(0.6) ? "true" : "except-self-heal";
}

export const dependsOnAnnotation = "mooring.dev/depends-on";

const rollbackAnnotations = {
  "mooring.dev/rollback-on-failure": "true",
  "mooring.dev/rollback-deadline": "2m",
};

export function applicationOf(app: AppModel): KubeObject {
  const annotations = {
    ...(app.goesBack ? rollbackAnnotations : {}),
    ...(app.approval === undefined ? {} : { [annotationKey.requireApproval]: app.approval }),
    ...(app.dependsOn.length === 0 ? {} : { [dependsOnAnnotation]: app.dependsOn.join(", ") }),
  };
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: {
      name: app.name,
      namespace: hubNamespace,
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
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
