import type { ApplicationSource } from "#core/app/types.ts";
import type { BuildEnvironment } from "./build-environment.ts";
import { substituteVariables } from "./build-environment.ts";
import { resolveLibrary } from "./paths.ts";
import type { DirectorySource, JsonnetVariable } from "./render-tool.ts";
import type { SourceContext } from "./source-context.ts";

type DirectoryFields = NonNullable<ApplicationSource["directory"]>;

/** Which files are read and how Jsonnet among them is evaluated. Throws RENDER_INVALID for a library outside the repository. */
export function resolveDirectorySource(
  { recurse = false, include = "", exclude = "", disableExtensionFilter = false, jsonnet }: DirectoryFields,
  context: SourceContext,
): DirectorySource {
  const { extVars = [], tlas = [], libs = [] } = jsonnet ?? {};
  const { environment, path, settings } = context;
  const enabled = settings.enabled.Directory;
  return {
    tool: "directory",
    recurse,
    include,
    exclude: enabled ? exclude : withoutJsonnet(exclude),
    ...(disableExtensionFilter ? { disableExtensionFilter } : {}),
    jsonnet: {
      extVars: extVars.map((variable) => variableOf(variable, environment)),
      tlas: tlas.map((variable) => variableOf(variable, environment)),
      // The source's own directory is searched last, as Argo CD has it.
      libs: [path, ...libs.map((library, i) => resolveLibrary(library, `directory.jsonnet.libs[${i}]`))],
    },
  };
}

/** A comma outside braces is itself, inside it would separate. */
function withoutJsonnet(exclude: string): string {
  if (exclude === "") return "*.jsonnet";
  let depth = 0;
  const kept = exclude.replaceAll(/\\.|[{},]/gsu, (token) => {
    if (token === "{") depth += 1;
    else if (token === "}") depth -= 1;
    return token === "," && depth === 0 ? String.raw`\,` : token;
  });
  return `{${kept},*.jsonnet}`;
}

function variableOf(
  {
    name,
    value,
    code = false,
  }: { readonly name: string; readonly value: string; readonly code?: boolean | undefined },
  environment: BuildEnvironment,
): JsonnetVariable {
  return { name, value: substituteVariables(value, environment), code };
}
