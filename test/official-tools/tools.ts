import { join } from "node:path";
import type { Program } from "#test/control-plane/programs.ts";

/** What renders. */
export type RenderTool = "helm" | "kustomize" | "jsonnet";
export type ToolName = RenderTool | "argocd" | "kubectl";

const common = { area: "official-tools", inEnvtest: false } as const;

/** The programs that our render engine must equal, at the versions that it is built from, and the clients that must find our cluster to be one, and our server to be Argo CD's. */
export const tools: Readonly<Record<ToolName, Program>> = {
  helm: {
    ...common,
    name: "helm",
    goPackage: "helm.sh/helm/v4/cmd/helm",
    module: goModule("helm"),
    versionOf: "helm.sh/helm/v4",
    versionVariables: (version) => [
      `helm.sh/helm/v4/internal/version.version=${version}`,
      "helm.sh/helm/v4/internal/version.gitTreeState=clean",
    ],
    buildTime: "3 minutes",
  },
  kustomize: {
    ...common,
    name: "kustomize",
    goPackage: "sigs.k8s.io/kustomize/kustomize/v5",
    module: goModule("kustomize"),
    versionOf: "sigs.k8s.io/kustomize/kustomize/v5",
    versionVariables: (version) => [`sigs.k8s.io/kustomize/api/provenance.version=${version}`],
    buildTime: "1 minute",
  },
  jsonnet: {
    ...common,
    name: "jsonnet",
    goPackage: "github.com/google/go-jsonnet/cmd/jsonnet",
    module: goModule("jsonnet"),
    versionOf: "github.com/google/go-jsonnet",
    buildTime: "1 minute",
  },
  argocd: {
    ...common,
    name: "argocd",
    goPackage: "github.com/argoproj/argo-cd/v3/cmd",
    module: goModule("argocd"),
    versionOf: "github.com/argoproj/argo-cd/v3",
    versionVariables: (version) => [
      `github.com/argoproj/argo-cd/v3/common.version=${version.replace(/^v/u, "")}`,
    ],
    // Its go.mod asks for a newer Go than ours do.
    toolchain: "go1.27.0",
    buildTime: "10 minutes",
  },
  kubectl: {
    ...common,
    name: "kubectl",
    goPackage: ".",
    module: goModule("kubectl"),
    versionOf: "k8s.io/kubectl",
    versionVariables: (version) => [
      `k8s.io/component-base/version.gitVersion=${version.replace(/^v0\./, "v1.")}`,
      "k8s.io/component-base/version.gitMajor=1",
      `k8s.io/component-base/version.gitMinor=${version.split(".")[1] ?? ""}`,
    ],
    ownSources: true,
    buildTime: "2 minutes",
  },
};

function goModule(name: ToolName): string {
  return join(import.meta.dirname, "go", name);
}
