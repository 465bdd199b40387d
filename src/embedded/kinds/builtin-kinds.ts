import { parseOpenApiV3 } from "#core/merge/index.ts";
import type { KindSchemas } from "#core/merge/index.ts";
import type { FieldSchema } from "#core/merge/schema.ts";
import type { JsonValue } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewString } from "#core/object/index.ts";
import type { RecordedDocuments } from "../recorded/documents.ts";
import type { ScalePaths, ServedKind } from "./served-kind.ts";

/** Every kind that kube-apiserver serves itself, in the order of discovery: preferred versions first. */
export function builtInKinds(documents: RecordedDocuments): readonly ServedKind[] {
  const schemas = lazySchemas(documents);
  return [documents.index.core, documents.index.groups].flatMap((list) =>
    viewArray(list, "items").flatMap((group) =>
      viewArray(group, "versions").flatMap((version) =>
        viewArray(version, "resources").map((resource) => builtInKind({ group, version, resource }, schemas)),
      ),
    ),
  );
}

type SchemaLookup = (kind: Pick<ServedKind, "group" | "version" | "kind">) => FieldSchema | undefined;

/** An OpenAPI document is unpacked and read when the first kind of its group version is asked for. */
function lazySchemas(documents: RecordedDocuments): SchemaLookup {
  const read = new Map<string, KindSchemas>();
  return (kind) => {
    const path = kind.group === "" ? `api/${kind.version}` : `apis/${kind.group}/${kind.version}`;
    let schemas = read.get(path);
    if (schemas === undefined) {
      const parsed: unknown = JSON.parse(documents.openApiV3(path) ?? "{}");
      schemas = parseOpenApiV3(isJsonObject(parsed) ? parsed : {});
      read.set(path, schemas);
    }
    return schemas.schemaOf(kind);
  };
}

interface Discovered {
  readonly group: JsonValue;
  readonly version: JsonValue;
  readonly resource: JsonValue;
}

function builtInKind({ group: of, version: at, resource }: Discovered, schemas: SchemaLookup): ServedKind {
  const group = viewString(of, "metadata", "name") ?? "";
  const version = viewString(at, "version") ?? "";
  const kind = viewString(resource, "responseKind", "kind") ?? "";
  const plural = viewString(resource, "resource") ?? "";
  const subresources = viewArray(resource, "subresources").flatMap(
    (item) => viewString(item, "subresource") ?? [],
  );
  return {
    group,
    version,
    kind,
    plural,
    singular: viewString(resource, "singularResource") ?? kind.toLowerCase(),
    listKind: `${kind}List`,
    namespaced: viewString(resource, "scope") === "Namespaced",
    shortNames: textsOf(resource, "shortNames"),
    categories: textsOf(resource, "categories"),
    verbs: textsOf(resource, "verbs"),
    resource: `${group}/${plural}`,
    hasStatus: subresources.includes("status"),
    ...(subresources.includes("scale") ? { scale: scalePaths } : {}),
    subresources: subresources.filter((name) => name !== "status" && name !== "scale"),
    get merge() {
      return schemas({ group, version, kind });
    },
    isCustom: false,
  };
}

/** The same for all of them; the selector of a ReplicationController is a map of labels, that of the others a LabelSelector. */
const scalePaths: ScalePaths = {
  specReplicas: ["spec", "replicas"],
  statusReplicas: ["status", "replicas"],
  selector: ["spec", "selector"],
};

function textsOf(value: JsonValue, field: string): readonly string[] {
  return viewArray(value, field).filter((item) => typeof item === "string");
}
