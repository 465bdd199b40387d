import type { CatalogFactory } from "../kinds/catalog.ts";
import { createCatalogFactory } from "../kinds/catalog.ts";
import type { RecordedDocuments } from "../recorded/documents.ts";
import { openRecordedDocuments } from "../recorded/documents.ts";
import type { GoTypes } from "../schema/types/go-types.ts";
import { createGoTypes } from "../schema/types/go-types.ts";

/** What is the same in every cluster: read once, however many clusters there are. */
export interface BuiltIns {
  readonly documents: RecordedDocuments;
  readonly catalogs: CatalogFactory;
  readonly types: GoTypes;
}

let known: BuiltIns | undefined;

export function readBuiltIns(): BuiltIns {
  known ??= openBuiltIns();
  return known;
}

function openBuiltIns(): BuiltIns {
  const documents = openRecordedDocuments();
  return {
    documents,
    catalogs: createCatalogFactory(documents),
    types: createGoTypes(() => documents.types),
  };
}
