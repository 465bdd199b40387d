/**
 * From a source of an Application to what the renderer is told (`resolveRenderTool`): which tool it is (`chooseTool`), what overrides it
 * beside the manifests (`overrideSource`), and what its fields mean. As Argo CD has it:
 *
 * - The tool is the one block that the source has; `chart` means Helm; else `Chart.yaml` means Helm, a kustomization Kustomize, anything
 *   else a directory. A tool that is turned off in `argocd-cm` leaves the plain directory.
 * - `.argocd-source.yaml`, then `.argocd-source-<app>.yaml` in the source's directory are merged into each source (RFC 7386), the tools'
 *   blocks alone.
 * - Values: the chart's own < `valueFiles` in order < `valuesObject`, else `values` < `parameters` < `parameters` with `forceString` <
 *   `fileParameters`. Of one name the last counts.
 * - Build variables are replaced in `helm.valueFiles`, `helm.parameters[].value`, `helm.fileParameters[].path`, `kustomize.images`,
 *   `kustomize.commonLabels`, `kustomize.commonAnnotations` (with `commonAnnotationsEnvsubst`), and the values of `directory.jsonnet`'s
 *   `extVars` and `tlas`; nowhere else: not in `values`, `valuesObject`, `releaseName` or `namespace`.
 * - A values file is relative to the source's directory, with a leading `/` to the repository's root, with `$name/` to the root of the
 *   source whose `ref` is that name, or a URL with a scheme of `helm.valuesFileSchemes`.
 *
 * Stricter than Argo CD: `$name/…` that no source and no variable answers to is an error, where Argo CD would read the file at the rest of
 * the path; a file parameter cannot be a URL.
 */
export { buildEnvironmentOf } from "./build-environment.ts";
export { overrideFilesOf, overrideSource } from "./overrides.ts";
export { normalisePath } from "./paths.ts";
export type * from "./render-tool.ts";
export { resolveRenderTool } from "./resolve-render-tool.ts";
export type { SourceSettings } from "./source-settings.ts";
export { defaultSourceSettings } from "./source-settings.ts";
export { chooseTool, toolBlocksOf } from "./tool-choice.ts";
