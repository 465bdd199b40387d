import type { RecordedDocuments } from "../recorded/documents.ts";
import { completeObject, emptyObjectOf, withDefaults } from "./complete/complete.ts";
import type { ClusterAllocations } from "./complete/prepare/prepare.ts";
import { decodeBody } from "./decode/decode.ts";
import type { KindRules } from "./rules.ts";
import type { GoTypes } from "./types/go-types.ts";
import { warningsOf } from "./warn/warnings.ts";
import { validateObject } from "./validate/validate.ts";

export interface KindRulesOptions extends ClusterAllocations {
  readonly documents: RecordedDocuments;
  readonly types: GoTypes;
}

/** The rules of all kinds: built-in ones by their Go types, custom ones by their schemas. */
export function createKindRules(options: KindRulesOptions): KindRules {
  const recorded = (): RecordedDocuments["types"] => options.documents.types;
  const { types } = options;
  const context = { types, recorded, cluster: options };
  return {
    decode: (kind, body) => decodeBody(types, kind, body),
    empty: (kind) => emptyObjectOf(context, kind),
    withDefaults: (write) => withDefaults(context, write),
    complete: (write) => completeObject(context, write),
    validate: (write) => validateObject(write, options),
    warnings: (write) => warningsOf(write),
  };
}
