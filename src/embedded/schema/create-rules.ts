import type { RecordedDocuments } from "../recorded/documents.ts";
import { completeObject } from "./complete/complete.ts";
import type { ClusterAllocations } from "./complete/prepare/prepare.ts";
import { decodeBody } from "./decode/decode.ts";
import type { KindRules } from "./rules.ts";
import type { GoTypes } from "./types/go-types.ts";
import { validateObject } from "./validate/validate.ts";

export interface KindRulesOptions extends ClusterAllocations {
  readonly documents: RecordedDocuments;
  readonly types: GoTypes;
}

/** The rules of all kinds: built-in ones by their Go types, custom ones by their schemas. */
export function createKindRules(options: KindRulesOptions): KindRules {
  const recorded = (): RecordedDocuments["types"] => options.documents.types;
  const { types } = options;
  return {
    decode: (kind, body) => decodeBody(types, kind, body),
    complete: (write) => completeObject({ types, recorded, cluster: options }, write),
    validate: (write) => validateObject(write),
  };
}
