import type { ApplicationSource } from "#core/app/types.ts";
import { MooringError } from "#core/errors/index.ts";
import { canonicalJson } from "#core/object/index.ts";
import { substituteVariables } from "./build-environment.ts";
import { resolveFile } from "./paths.ts";
import type { HelmSource, HelmValues } from "./render-tool.ts";
import type { SourceContext } from "./source-context.ts";

type HelmFields = NonNullable<ApplicationSource["helm"]>;

/** What the chart is rendered with: values files in order, then `values` or `valuesObject`, then parameters, then file parameters. */
export function resolveHelmSource(helm: HelmFields, context: SourceContext): HelmSource {
  return {
    tool: "helm",
    releaseName: textOr(helm.releaseName, context.releaseName),
    namespace: textOr(helm.namespace, context.namespace),
    values: [...valueFilesOf(helm, context), ...inlineValuesOf(helm)],
    parameters: parametersOf(helm, context),
    fileParameters: fileParametersOf(helm, context),
    ignoreMissingValueFiles: helm.ignoreMissingValueFiles ?? false,
    skipCrds: helm.skipCrds ?? false,
    skipTests: helm.skipTests ?? false,
    skipSchemaValidation: helm.skipSchemaValidation ?? false,
    kubeVersion: textOr(helm.kubeVersion, context.kubeVersion),
    apiVersions: listOr(helm.apiVersions, context.apiVersions),
  };
}

export function textOr(text: string | undefined, otherwise: string): string {
  return text === undefined || text === "" ? otherwise : text;
}

export function listOr(list: readonly string[] | undefined, otherwise: readonly string[]): readonly string[] {
  return list === undefined || list.length === 0 ? otherwise : list;
}

function valueFilesOf({ valueFiles = [] }: HelmFields, context: SourceContext): readonly HelmValues[] {
  return valueFiles.map((file, i) => resolveFile(file, `helm.valueFiles[${i}]`, context));
}

function inlineValuesOf({ values = "", valuesObject }: HelmFields): readonly HelmValues[] {
  // JSON is YAML; in the same order every time, so that the same object is the same render.
  if (valuesObject !== undefined) return [{ kind: "text", text: canonicalJson(valuesObject) }];
  return values === "" ? [] : [{ kind: "text", text: values }];
}

/** Of one name the last counts; those that are kept text go last, as Helm reads `--set-string` after `--set`. */
function parametersOf({ parameters = [] }: HelmFields, context: SourceContext): HelmSource["parameters"] {
  const typed = new Map<string, string>();
  const texts = new Map<string, string>();
  for (const { name = "", value = "", forceString = false } of parameters) {
    const kind = forceString ? texts : typed;
    kind.delete(name);
    kind.set(name, escapeCommas(substituteVariables(value, context.environment)));
  }
  const list = (from: ReadonlyMap<string, string>, forceString: boolean) =>
    [...from].map(([name, value]) => ({ name, value, forceString }));
  return [...list(typed, false), ...list(texts, true)];
}

/** Helm reads a comma as the start of another parameter; a value in braces is a list, whose commas are meant. */
function escapeCommas(value: string): string {
  return value.startsWith("{") && value.endsWith("}")
    ? value
    : value.replaceAll(/(?<!\\),/gu, String.raw`\,`);
}

function fileParametersOf(
  { fileParameters = [] }: HelmFields,
  context: SourceContext,
): HelmSource["fileParameters"] {
  const byName = new Map<string, string>();
  for (const [i, { name = "", path = "" }] of fileParameters.entries()) {
    const field = `helm.fileParameters[${i}].path`;
    const file = resolveFile(path, field, context);
    if (file.kind === "url") {
      throw new MooringError("RENDER_INVALID", `source.${field}: is a URL; put the file into the repository`);
    }
    byName.delete(name);
    byName.set(name, file.path);
  }
  return [...byName].map(([name, path]) => ({ name, path }));
}
