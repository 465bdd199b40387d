import type { ApplicationSource } from "#core/app/types.ts";
import { substituteVariables } from "./build-environment.ts";
import type { PluginSource } from "./render-tool.ts";
import type { SourceContext } from "./source-context.ts";

type PluginFields = NonNullable<ApplicationSource["plugin"]>;
type Parameter = NonNullable<PluginFields["parameters"]>[number];

interface Variable {
  readonly name: string;
  readonly value: string;
}

/**
 * What a config management plugin is told, as Argo CD's user guide describes it: the build variables, the source's own behind the prefix
 * `ARGOCD_ENV_`, and the parameters both as JSON and one by one.
 */
export function resolvePluginSource(plugin: PluginFields, { environment }: SourceContext): PluginSource {
  const own = (plugin.env ?? []).map(({ name, value }) => ({
    name: `ARGOCD_ENV_${name}`,
    value: substituteVariables(value, environment),
  }));
  const parameters = plugin.parameters ?? [];
  const all = [...environment].map(([name, value]) => ({ name, value }));
  return {
    tool: "plugin",
    plugin: plugin.name ?? "",
    appName: environment.get("ARGOCD_APP_NAME") ?? "",
    env: [
      ...all,
      ...own,
      ...(parameters.length === 0
        ? []
        : [{ name: "ARGOCD_APP_PARAMETERS", value: JSON.stringify(parameters) }]),
      ...parameters.flatMap((parameter) => variablesOf(parameter)),
    ],
  };
}

/** `image.tag` of the map `helm-parameters` is `PARAM_HELM_PARAMETERS_IMAGE_TAG`. */
function variablesOf({ name = "", string, array = [], map = {} }: Parameter): readonly Variable[] {
  const base = `PARAM_${inCapitals(name)}`;
  return [
    ...(string === undefined ? [] : [{ name: base, value: string }]),
    ...array.map((value, index) => ({ name: `${base}_${index}`, value })),
    ...Object.entries(map).map(([key, value]) => ({ name: `${base}_${inCapitals(key)}`, value })),
  ];
}

function inCapitals(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_]/gu, "_").toUpperCase();
}
