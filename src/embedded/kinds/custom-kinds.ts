import { parseOpenApiV3 } from "#core/merge/index.ts";
import type { FieldSchema } from "#core/merge/schema.ts";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewNumber, viewObject, viewString } from "#core/object/index.ts";
import { customComponents } from "./custom-schema.ts";
import type { PrinterColumn, ScalePaths, ServedKind } from "./served-kind.ts";

const verbs = ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"];

/**
 * The kinds that a CustomResourceDefinition serves, the version that is preferred first. None until the definition is
 * established: its status says so, and under which names.
 */
export function customKinds(definition: KubeObject, machinery: Machinery): readonly ServedKind[] {
  if (!isEstablished(definition)) return [];
  const versions = viewArray(definition, "spec", "versions").filter(
    (version) => viewObject(version)["served"] === true,
  );
  return versions
    .filter((version) => isJsonObject(version))
    .toSorted((a, b) => compareVersions(viewString(a, "name") ?? "", viewString(b, "name") ?? ""))
    .map((version) => customKind({ definition, version, machinery }));
}

/** The OpenAPI components that all kinds share, such as ObjectMeta. */
export type Machinery = () => Readonly<Record<string, JsonObject>>;

export function isEstablished(definition: KubeObject): boolean {
  return viewArray(definition, "status", "conditions").some((condition) => {
    const { type, status } = viewObject(condition);
    return type === "Established" && status === "True";
  });
}

interface DefinedVersion {
  readonly definition: KubeObject;
  readonly version: JsonObject;
  readonly machinery: Machinery;
}

function customKind({ definition, version, machinery }: DefinedVersion): ServedKind {
  const spec = viewObject(definition, "spec");
  const names = viewObject(definition, "status", "acceptedNames");
  const gvk = {
    group: viewString(spec, "group") ?? "",
    version: viewString(version, "name") ?? "",
    kind: viewString(names, "kind") ?? "",
  };
  const plural = viewString(names, "plural") ?? "";
  const subresources = viewObject(version, "subresources");
  const scale = scalePaths(subresources["scale"]);
  const schema = viewObject(version, "schema")["openAPIV3Schema"];
  let merge: FieldSchema | undefined;
  return {
    ...gvk,
    plural,
    singular: viewString(names, "singular") ?? "",
    listKind: viewString(names, "listKind") ?? `${gvk.kind}List`,
    namespaced: viewString(spec, "scope") === "Namespaced",
    shortNames: textsOf(names, "shortNames"),
    categories: textsOf(names, "categories"),
    verbs,
    resource: `${gvk.group}/${plural}`,
    hasStatus: isJsonObject(subresources["status"]),
    ...(scale === undefined ? {} : { scale }),
    subresources: [],
    get merge() {
      if (merge === undefined) {
        const own = customComponents(definition, version, "#/components/schemas/");
        merge = parseOpenApiV3({ components: { schemas: { ...machinery(), ...own } } }).schemaOf(gvk);
      }
      return merge;
    },
    ...(isJsonObject(schema) ? { openAPI: schema } : {}),
    isCustom: true,
    selectableFields: viewArray(version, "selectableFields").map((each) =>
      (viewString(each, "jsonPath") ?? "").replace(/^\./, ""),
    ),
    columns: viewArray(version, "additionalPrinterColumns").flatMap((column) => printerColumn(column)),
  };
}

function scalePaths(scale: JsonValue | undefined): ScalePaths | undefined {
  if (!isJsonObject(scale)) return undefined;
  const selector = viewString(scale, "labelSelectorPath") ?? "";
  return {
    specReplicas: fieldsOf(viewString(scale, "specReplicasPath")),
    statusReplicas: fieldsOf(viewString(scale, "statusReplicasPath")),
    ...(selector === "" ? {} : { selector: fieldsOf(selector) }),
  };
}

/** `.spec.replicas` as field names. */
function fieldsOf(path: string | undefined): readonly string[] {
  return (path ?? "").split(".").filter((field) => field !== "");
}

function printerColumn(column: JsonValue): readonly PrinterColumn[] {
  const [name, type, jsonPath] = ["name", "type", "jsonPath"].map((field) => viewString(column, field));
  if (name === undefined || type === undefined || jsonPath === undefined) return [];
  const [format, description] = ["format", "description"].map((field) => viewString(column, field));
  const priority = viewNumber(column, "priority");
  return [
    {
      name,
      type,
      jsonPath,
      ...(format === undefined ? {} : { format }),
      ...(description === undefined ? {} : { description }),
      ...(priority === undefined ? {} : { priority }),
    },
  ];
}

function textsOf(value: JsonValue, field: string): readonly string[] {
  return viewArray(value, field).filter((item) => typeof item === "string");
}

/** Stable versions before beta before alpha, newer before older; names that are no versions last, by the alphabet. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [versionRank(a), versionRank(b)];
  if (left === undefined || right === undefined) {
    if (left !== right) return left === undefined ? 1 : -1;
    return a < b ? -1 : 1;
  }
  return right[0] - left[0] || right[1] - left[1] || right[2] - left[2];
}

/** Stability, major version, minor version. */
function versionRank(name: string): readonly [number, number, number] | undefined {
  const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(name);
  if (match === null) return undefined;
  const [, major, stability, minor] = match;
  return [stability === undefined ? 2 : stability === "beta" ? 1 : 0, Number(major), Number(minor ?? 0)];
}
