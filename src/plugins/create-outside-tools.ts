import type { OutsideRun, OutsideTools } from "#ports/outside-tools.ts";
import type { PluginRunnerOptions } from "./create-plugin-runner.ts";
import { createPluginRunner } from "./create-plugin-runner.ts";
import { runKustomize } from "./run-kustomize.ts";

const mebibyte = 1024 * 1024;
const maxMemoryMb = 4096;
/** As Argo CD's limit for a tool that is executed. */
const timeoutMs = 90_000;

/** Plugins whose sidecars listen in a directory, and the versions of Kustomize that `argocd-cm` names programs for. */
export function createOutsideTools(options: PluginRunnerOptions): OutsideTools {
  const plugins = createPluginRunner(options);
  const maxTreeBytes = options.maxArchiveBytes ?? 100 * mebibyte;
  return {
    run: async ({ tree, path, source, maxOutputBytes, signal }: OutsideRun) => {
      if (source.tool === "plugin") {
        const { plugin, appName, env } = source;
        return (await plugins.run({ tree, path, plugin, appName, env, signal })).manifests;
      }
      if (source.program === undefined) throw new Error("this version of Kustomize is built in");
      const { version, path: program, options: args } = source.program;
      const limits = { timeoutMs, maxMemoryMb, maxOutputBytes };
      const { edits } = source;
      const run = { version, program, tree, path, edits, options: args, maxTreeBytes, limits, signal };
      return [(await runKustomize(run)).toString()];
    },
    [Symbol.dispose]: () => plugins[Symbol.dispose](),
  };
}
