import type { ApplicationSource } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewPath, viewString } from "#core/object/index.ts";
import type { OpenedSource } from "#ports/repository-view.ts";
import { parseSmallYaml } from "#runtime/small-yaml.ts";
import type { ApiCall } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import type {
  HelmAppSpec,
  RepoAppDetailsQuery,
  RepoAppDetailsResponse,
} from "../../contract/gen/argocd/repository_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";
import { requireRepository, requireSource } from "./browse-repositories.ts";

/** Larger values are not taken apart on the main thread. */
const maxValuesBytes = 256 * 1024;

/** What a source is, and what can be set in it. Nothing is decrypted for it. */
export async function getAppDetails(
  context: ApiContext,
  { source: given = {}, appName = "", appProject = "" }: ShapeOf<RepoAppDetailsQuery>,
  { caller, signal }: ApiCall,
): Promise<ShapeOf<RepoAppDetailsResponse>> {
  const { repoURL = "" } = given;
  if (repoURL === "") {
    caller.needsNoPermission();
    throw new MooringError("API_INVALID_ARGUMENT", "source.repoURL: is missing; give the repository's URL");
  }
  requireRepository(context, { url: repoURL, project: appProject }, caller);
  const project = requireSource(context, { url: repoURL, appName, appProject }, caller);
  const source = { ...given, repoURL } as ApplicationSource;
  const opened = await context.live.repositories.openSource({ source, project, appName, signal });
  switch (opened.tool) {
    case "Helm":
      return { type: "Helm", helm: await describeChart(opened, signal) };
    case "Kustomize":
      return { type: "Kustomize", kustomize: { images: imagesOf(await opened.render()) } };
    case "Directory":
      return { type: "Directory", directory: {} };
    case "Plugin":
      throw new MooringError(
        "API_UNIMPLEMENTED",
        "source.plugin: plugins are not asked for their parameters yet; set them in source.plugin.parameters",
      );
    default:
      throw new Error(`unhandled tool: ${JSON.stringify(opened.tool satisfies never)}`);
  }
}

async function describeChart(
  { tree, directory, source }: OpenedSource,
  signal: AbortSignal,
): Promise<ShapeOf<HelmAppSpec>> {
  const entries = (await tree.list(directory, signal)) ?? [];
  const at = (name: string) => (directory === "" ? name : `${directory}/${name}`);
  const valueFiles = entries
    .filter(({ type, name }) => type === "file" && /values.*\.ya?ml$/u.test(name))
    .map(({ name }) => name);
  const values = entries.some(({ type, name }) => type === "file" && name === "values.yaml")
    ? new TextDecoder().decode(await tree.read(at("values.yaml"), { maxBytes: maxValuesBytes, signal }))
    : "";
  const set = new Map(flatten(parseSmallYaml(values, at("values.yaml")), ""));
  for (const { name, value } of source.helm?.parameters ?? []) set.set(name ?? "", value ?? "");
  return {
    valueFiles,
    values,
    parameters: [...set].map(([name, value]) => ({ name, value })),
    fileParameters: source.helm?.fileParameters ?? [],
  };
}

/** Single values as `--set` of Helm names them: `a.b[0].c`. */
function flatten(value: JsonValue, path: string): readonly (readonly [string, string])[] {
  if (isJsonObject(value)) {
    return Object.entries(value).flatMap(([key, one]) => {
      if (one === undefined) return [];
      const step = key.replaceAll(/[.,[\]=]/gu, String.raw`\$&`);
      return flatten(one, path === "" ? step : `${path}.${step}`);
    });
  }
  if (Array.isArray(value)) return value.flatMap((one: JsonValue, i) => flatten(one, `${path}[${i}]`));
  if (value === null || path === "") return [];
  return [[path, typeof value === "string" ? value : JSON.stringify(value)]];
}

/** Images of the containers of workloads, sorted. */
function imagesOf(objects: readonly KubeObject[]): readonly string[] {
  const specs = objects.flatMap((object) => [
    viewPath(object, "spec"),
    viewPath(object, "spec", "template", "spec"),
    viewPath(object, "spec", "jobTemplate", "spec", "template", "spec"),
  ]);
  const images = specs
    .flatMap((spec) => [...viewArray(spec, "initContainers"), ...viewArray(spec, "containers")])
    .map((container) => viewString(container, "image"))
    .filter((image) => image !== undefined);
  return [...new Set(images)].toSorted();
}
