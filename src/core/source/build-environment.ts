/** Variables by name. */
export type BuildEnvironment = ReadonlyMap<string, string>;

export interface BuildFacts {
  /** The Application's name as tracking ids have it: `web`, or `team-a_web` outside the control plane's namespace. */
  readonly appName: string;
  /** Of the destination. */
  readonly namespace: string;
  readonly project: string;
  /** The resolved commit, chart version or digest. */
  readonly revision: string;
  readonly path: string;
  /** Without credentials. */
  readonly repoUrl: string;
  readonly targetRevision: string;
  /** As the cluster says it: `v1.37.2+k3s1`. */
  readonly kubeVersion: string;
  readonly apiVersions: readonly string[];
}

export function buildEnvironmentOf(facts: BuildFacts): BuildEnvironment {
  return new Map([
    ["ARGOCD_APP_NAME", facts.appName],
    ["ARGOCD_APP_NAMESPACE", facts.namespace],
    ["ARGOCD_APP_PROJECT_NAME", facts.project],
    ["ARGOCD_APP_REVISION", facts.revision],
    ["ARGOCD_APP_REVISION_SHORT", facts.revision.slice(0, 7)],
    ["ARGOCD_APP_REVISION_SHORT_8", facts.revision.slice(0, 8)],
    ["ARGOCD_APP_SOURCE_PATH", facts.path],
    ["ARGOCD_APP_SOURCE_REPO_URL", facts.repoUrl],
    ["ARGOCD_APP_SOURCE_TARGET_REVISION", facts.targetRevision],
    ["KUBE_VERSION", bareKubeVersion(facts.kubeVersion)],
    ["KUBE_API_VERSIONS", facts.apiVersions.join(",")],
  ]);
}

/** `v1.37.2+k3s1` → `1.37.2`: without the distributor's metadata, which charts do not expect. */
export function bareKubeVersion(version: string): string {
  return /^v?(\d+(?:\.\d+){1,2})/u.exec(version.trim())?.[1] ?? version;
}

/**
 * Replaces `$NAME` and `${NAME}` as Go's `os.Expand` does, which Argo CD uses: `$$` is a dollar sign, an unknown name is the empty
 * text, and a dollar sign before anything that cannot begin a name stays.
 */
export function substituteVariables(text: string, environment: BuildEnvironment): string {
  const reference =
    /\$(?:\{(?<braced>[^}]*)\}|(?<open>\{)|(?<special>[*#$@!?\-0-9])|(?<plain>[A-Za-z_]\w*))/gu;
  return text.replaceAll(reference, (...match) => {
    const groups = match.at(-1) as { readonly [name: string]: string | undefined };
    const name = groups["braced"] ?? groups["special"] ?? groups["plain"] ?? "";
    return name === "$" ? "$" : (environment.get(name) ?? "");
  });
}
