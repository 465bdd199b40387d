import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonArray, isJsonObject, viewArray, viewObject, viewString } from "#core/object/index.ts";
import type { RecordedDocuments } from "../recorded/documents.ts";
import { isEstablished } from "./custom-kinds.ts";
import { componentName, customComponents } from "./custom-schema.ts";

/** A built-in kind with a status whose paths look like those of custom kinds. */
const model = {
  path: "apis/policy/v1",
  group: "policy",
  version: "v1",
  plural: "poddisruptionbudgets",
  kind: "PodDisruptionBudget",
};
const customPatches: ReadonlySet<string> = new Set([
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/apply-patch+yaml",
]);

/** What the OpenAPI documents say of custom kinds. */
export interface CustomOpenApi {
  /** Group versions that the definitions serve, as `apis/<group>/<version>`. */
  paths(definitions: readonly KubeObject[]): readonly string[];
  /** The OpenAPI v3 document of a group version; undefined where no definition serves it. */
  documentV3(definitions: readonly KubeObject[], path: string): JsonObject | undefined;
  /** What the OpenAPI v2 document has in `definitions` for them. */
  definitionsV2(definitions: readonly KubeObject[]): Readonly<Record<string, JsonObject>>;
}

export function createCustomOpenApi(documents: RecordedDocuments): CustomOpenApi {
  let template: JsonObject | undefined;
  const readTemplate = (): JsonObject => {
    template ??= JSON.parse(documents.openApiV3(model.path) ?? "{}") as JsonObject;
    return template;
  };
  return {
    paths: (definitions) => [...new Set(servedVersions(definitions).map(({ path }) => path))].toSorted(),
    documentV3: (definitions, path) => {
      const served = servedVersions(definitions).filter((item) => item.path === path);
      return served.length === 0 ? undefined : buildDocument(readTemplate(), served);
    },
    definitionsV2: (definitions) =>
      Object.assign(
        {},
        ...servedVersions(definitions).map((item) =>
          customComponents(item.definition, item.version, "#/definitions/"),
        ),
      ) as Record<string, JsonObject>,
  };
}

interface ServedVersion {
  readonly definition: KubeObject;
  readonly version: JsonObject;
  readonly path: string;
}

function servedVersions(definitions: readonly KubeObject[]): readonly ServedVersion[] {
  return definitions
    .filter((definition) => isEstablished(definition))
    .flatMap((definition) =>
      viewArray(definition, "spec", "versions")
        .filter((version) => isJsonObject(version))
        .filter((version) => version["served"] === true)
        .map((version) => {
          const group = viewString(definition, "spec", "group") ?? "";
          return { definition, version, path: `apis/${group}/${viewString(version, "name") ?? ""}` };
        }),
    );
}

function buildDocument(template: JsonObject, served: readonly ServedVersion[]): JsonObject {
  const schemas: Record<string, JsonObject> = machineryOf(template);
  const paths: Record<string, JsonValue> = {};
  for (const item of served) {
    Object.assign(schemas, customComponents(item.definition, item.version, "#/components/schemas/"));
    Object.assign(paths, pathsOf(template, item));
  }
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes CRD Swagger", version: "v0.1.0" },
    paths,
    components: { schemas },
  };
}

/** The components that all kinds share, such as ObjectMeta and Status. */
export function machineryOf(document: JsonObject): Record<string, JsonObject> {
  const schemas = viewObject(document, "components", "schemas");
  return Object.fromEntries(
    Object.entries(schemas).flatMap(([name, schema]) =>
      name.startsWith("io.k8s.apimachinery.") && isJsonObject(schema) ? [[name, schema] as const] : [],
    ),
  );
}

/** The paths of the model with the custom kind in its place. */
function pathsOf(template: JsonObject, { definition, version }: ServedVersion): Record<string, JsonValue> {
  const names = viewObject(definition, "spec", "names");
  const group = viewString(definition, "spec", "group") ?? "";
  const versionName = viewString(version, "name") ?? "";
  const kind = viewString(names, "kind") ?? "";
  const root = `/apis/${group}/${versionName}`;
  const isNamespaced = viewString(definition, "spec", "scope") === "Namespaced";
  const replaced = replacing({
    [`io.k8s.api.policy.v1.${model.kind}List`]: componentName(
      group,
      versionName,
      viewString(names, "listKind") ?? "",
    ),
    [`io.k8s.api.policy.v1.${model.kind}`]: componentName(group, versionName, kind),
    PolicyV1: "",
    [model.kind]: kind,
  });
  const found: Record<string, JsonValue> = {};
  for (const [path, item] of Object.entries(viewObject(template, "paths"))) {
    if (item === undefined || path.includes("/watch/") || !path.includes(`/${model.plural}`)) continue;
    if (path.endsWith("/status") && !isJsonObject(viewObject(version, "subresources")["status"])) continue;
    // Of a cluster-scoped kind there is no list of all namespaces beside the list.
    if (!isNamespaced && !path.includes("{namespace}")) continue;
    const scoped = isNamespaced ? path : path.replace("/namespaces/{namespace}", "");
    const name = scoped
      .replace(`/${model.path}`, root)
      .replace(model.plural, viewString(names, "plural") ?? "");
    const adapted = isNamespaced ? item : withoutNamespace(item);
    found[name] = adapt(adapted, { gvk: { group, version: versionName, kind }, replaced });
  }
  return found;
}

function withoutNamespace(item: JsonValue): JsonValue {
  const parameters = viewArray(item, "parameters").filter(
    (parameter) => viewString(parameter, "name") !== "namespace",
  );
  return isJsonObject(item) ? { ...item, parameters } : item;
}

interface Adaption {
  readonly gvk: JsonObject;
  readonly replaced: (text: string) => string;
}

function adapt(value: JsonValue, to: Adaption): JsonValue {
  if (typeof value === "string") return to.replaced(value);
  if (isJsonArray(value)) return value.map((item) => adapt(item, to));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]): readonly (readonly [string, JsonValue])[] => {
      if (item === undefined || (name.endsWith("-patch+json") && !customPatches.has(name))) return [];
      const isKind = name === "x-kubernetes-group-version-kind" && viewString(item, "kind") === model.kind;
      return [[name, isKind ? to.gvk : adapt(item, to)]];
    }),
  );
}

function replacing(texts: Readonly<Record<string, string>>): (text: string) => string {
  const pairs = Object.entries(texts);
  return (text) => pairs.reduce((result, [from, to]) => result.replaceAll(from, to), text);
}
