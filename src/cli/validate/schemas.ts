import { customResourceDefinitions } from "#core/crd/index.ts";
import type { Schema } from "#core/manifest-check/index.ts";
import { schemasOfDefinition } from "#core/manifest-check/index.ts";
import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonArray, isJsonObject, isKubeObject, parseApiVersion, viewString } from "#core/object/index.ts";
import type { SchemaDocuments } from "#ports/schema-documents.ts";

/** A kind's schema, and what it refers to. */
export interface KindSchema {
  readonly schema: Schema;
  readonly find: (reference: string) => Schema | undefined;
}

interface Kinds {
  readonly components: ReadonlyMap<string, Schema>;
  /** Component by `group/version/Kind`. */
  readonly byKind: ReadonlyMap<string, Schema>;
}

/** What is known of kinds: from definitions first, then what is bundled. */
export class Schemas {
  readonly #documents: SchemaDocuments;
  readonly #custom = new Map<string, Schema>();
  readonly #read = new Map<string, Kinds | undefined>();

  constructor(documents: SchemaDocuments, definitions: readonly KubeObject[]) {
    this.#documents = documents;
    for (const definition of [...customResourceDefinitions(), ...definitions])
      for (const [kind, schema] of schemasOfDefinition(definition)) this.#custom.set(kind, schema);
  }

  find({ apiVersion, kind }: KubeObject): KindSchema | undefined {
    const { group, version } = parseApiVersion(apiVersion);
    const name = `${group}/${version}/${kind}`;
    const custom = this.#custom.get(name);
    if (custom !== undefined) return { schema: custom, find: () => undefined };
    const kinds = this.#kindsOf(group === "" ? `api/${version}` : `apis/${group}/${version}`);
    const schema = kinds?.byKind.get(name);
    if (kinds === undefined || schema === undefined) return undefined;
    return {
      schema,
      find: (reference) => kinds.components.get(reference.replace("#/components/schemas/", "")),
    };
  }

  #kindsOf(path: string): Kinds | undefined {
    if (this.#read.has(path)) return this.#read.get(path);
    const text = this.#documents.openApiV3(path);
    const kinds = text === undefined ? undefined : parseKinds(JSON.parse(text) as JsonValue);
    this.#read.set(path, kinds);
    return kinds;
  }
}

function parseKinds(document: JsonValue): Kinds {
  const { components } = isJsonObject(document) ? document : {};
  const schemas =
    isJsonObject(components) && isJsonObject(components["schemas"]) ? components["schemas"] : {};
  const found = new Map<string, Schema>();
  const byKind = new Map<string, Schema>();
  for (const [name, schema] of Object.entries(schemas)) {
    if (!isJsonObject(schema)) continue;
    found.set(name, schema);
    const kinds = schema["x-kubernetes-group-version-kind"];
    for (const one of isJsonArray(kinds) ? kinds : []) {
      if (!isJsonObject(one)) continue;
      const [group, version, kind] = ["group", "version", "kind"].map((part) => viewString(one, part) ?? "");
      byKind.set(`${group}/${version}/${kind}`, schema);
    }
  }
  return { components: found, byKind };
}

/** The CustomResourceDefinitions among values. */
export function definitionsIn(values: readonly JsonValue[]): readonly KubeObject[] {
  return values.filter(isKubeObject).filter(({ kind }) => kind === "CustomResourceDefinition");
}
