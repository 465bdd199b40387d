import type { GroupVersionKind, JsonObject, KubeObject } from "#core/object/index.ts";
import type { RecordedDocuments } from "../recorded/documents.ts";
import { builtInKinds } from "./builtin-kinds.ts";
import { customKinds, type Machinery } from "./custom-kinds.ts";
import { machineryOf } from "./custom-openapi.ts";
import type { KindCatalog, ServedKind } from "./served-kind.ts";

/** A small document with what all kinds share. */
const machineryPath = "apis/policy/v1";

/** Makes catalogs of the built-in kinds and those of a list of definitions. */
export interface CatalogFactory {
  /** Cheap when few definitions have changed: what was read of a definition is kept with the object. */
  catalogOf(definitions: readonly KubeObject[]): KindCatalog;
}

export function createCatalogFactory(documents: RecordedDocuments): CatalogFactory {
  const builtIn = builtInKinds(documents);
  let shared: Readonly<Record<string, JsonObject>> | undefined;
  const machinery: Machinery = () => {
    shared ??= machineryOf(JSON.parse(documents.openApiV3(machineryPath) ?? "{}") as JsonObject);
    return shared;
  };
  const own = indexKinds(builtIn);
  const read = new WeakMap<KubeObject, readonly ServedKind[]>();
  const kindsOf = (definition: KubeObject): readonly ServedKind[] => {
    const kinds = read.get(definition) ?? customKinds(definition, machinery);
    read.set(definition, kinds);
    return kinds;
  };
  return {
    catalogOf: (definitions) => {
      const custom = definitions.flatMap(kindsOf);
      return joinIndexes({ kinds: [...builtIn, ...custom], own, custom: indexKinds(custom) });
    },
  };
}

interface KindIndex {
  readonly byPath: ReadonlyMap<string, ServedKind>;
  readonly byKind: ReadonlyMap<string, ServedKind>;
  readonly byResource: ReadonlyMap<string, readonly ServedKind[]>;
}

function indexKinds(kinds: readonly ServedKind[]): KindIndex {
  return {
    byPath: new Map(kinds.map((kind) => [`${kind.group}/${kind.version}/${kind.plural}`, kind])),
    // Several resources may have one kind, such as pods and their parts; the first is the one that is meant.
    byKind: new Map(kinds.toReversed().map((kind) => [`${kind.group}/${kind.version}/${kind.kind}`, kind])),
    byResource: Map.groupBy(kinds, (kind) => kind.resource),
  };
}

interface JoinedKinds {
  readonly kinds: readonly ServedKind[];
  readonly own: KindIndex;
  readonly custom: KindIndex;
}

function joinIndexes({ kinds, own, custom }: JoinedKinds): KindCatalog {
  return {
    kinds,
    find: (group, version, plural) => {
      const path = `${group}/${version}/${plural}`;
      return own.byPath.get(path) ?? custom.byPath.get(path);
    },
    findKind: (gvk) => own.byKind.get(kindKey(gvk)) ?? custom.byKind.get(kindKey(gvk)),
    versionsOf: (resource) => own.byResource.get(resource) ?? custom.byResource.get(resource) ?? [],
  };
}

function kindKey({ group, version, kind }: GroupVersionKind): string {
  return `${group}/${version}/${kind}`;
}
