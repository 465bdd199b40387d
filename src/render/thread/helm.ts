import { MooringError } from "#core/errors/index.ts";
import type { HelmSource, HelmValues } from "#ports/renderer.ts";
import { callEngine } from "./engine/call-engine.ts";
import { expandGlob, isGlob } from "./expand-glob.ts";
import { openRoot } from "./open-root.ts";
import { readReply } from "./read-reply.ts";
import type { ToolContext, ToolOutput } from "./tool.ts";

/** What `helm template` prints, in its order. */
export function renderHelm(context: ToolContext, source: HelmSource): ToolOutput {
  const path = openRoot(context);
  const { releaseName, namespace, kubeVersion, apiVersions, parameters } = source;
  const { skipTests, skipSchemaValidation } = source;
  const request = {
    render: "helm",
    path,
    releaseName,
    namespace,
    kubeVersion,
    apiVersions,
    values: source.values.flatMap((values) => findValues(context, source, values)),
    parameters,
    fileParameters: source.fileParameters,
    includeCrds: !source.skipCrds,
    skipTests,
    skipSchemaValidation,
  };
  return readReply(context, "Helm", callEngine(context, "render", request));
}

type EngineValues = { readonly path: string } | { readonly text: string };

function findValues({ files }: ToolContext, source: HelmSource, values: HelmValues): EngineValues[] {
  switch (values.kind) {
    case "text":
      return [{ text: values.text }];
    case "url":
      return [{ path: files.mount({ kind: "file", url: values.url }) }];
    case "file": {
      const found = isGlob(values.path)
        ? expandGlob(files, values.path)
        : [values.path].filter((path) => files.resolve(path)?.entry.type === "file");
      if (found.length === 0 && !source.ignoreMissingValueFiles) throw missingValues(values.path);
      return found.map((path) => ({ path }));
    }
    default:
      throw new Error(`unhandled values: ${JSON.stringify(values satisfies never)}`);
  }
}

function missingValues(path: string): MooringError {
  const problem = isGlob(path) ? "matches no values file" : "values file does not exist";
  return new MooringError(
    "RENDER_INVALID",
    `${path}: ${problem}; correct helm.valueFiles, or set helm.ignoreMissingValueFiles`,
  );
}
