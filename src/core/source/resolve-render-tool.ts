import type { ApplicationSource } from "#core/app/types.ts";
import { resolveDirectorySource } from "./directory-source.ts";
import { resolveHelmSource } from "./helm-source.ts";
import { resolveKustomizeSource } from "./kustomize-source.ts";
import { resolvePluginSource } from "./plugin-source.ts";
import type { RenderTool } from "./render-tool.ts";
import type { SourceContext } from "./source-context.ts";

/**
 * What the renderer is told of a source, with Argo CD's meaning and defaults. Throws RENDER_INVALID naming the field, CONFIG_INVALID
 * for build options of `argocd-cm`.
 */
export function resolveRenderTool(source: ApplicationSource, context: SourceContext): RenderTool {
  switch (context.tool) {
    case "Helm":
      return resolveHelmSource(source.helm ?? {}, context);
    case "Kustomize":
      return resolveKustomizeSource(source.kustomize ?? {}, context);
    case "Directory":
      return resolveDirectorySource(source.directory ?? {}, context);
    case "Plugin":
      return resolvePluginSource(source.plugin ?? {}, context);
    default:
      throw new Error(`unhandled tool: ${JSON.stringify(context.tool satisfies never)}`);
  }
}
