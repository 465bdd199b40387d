import type { SchemaDocuments } from "#ports/schema-documents.ts";
import { openRecordedDocuments } from "./documents.ts";

/** The recorded documents for those who only want to know what kinds look like. */
export function openSchemaDocuments(): SchemaDocuments {
  const documents = openRecordedDocuments();
  const { gitVersion } = documents.index.version;
  return {
    version: typeof gitVersion === "string" ? gitVersion : "",
    openApiV3: (path) => documents.openApiV3(path),
  };
}
