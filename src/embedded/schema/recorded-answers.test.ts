import { readFileSync } from "node:fs";
import { parseAllDocuments } from "yaml";
import { beforeAll, describe, expect, it } from "vitest";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { parseApiVersion, viewArray, viewObject, viewString } from "#core/object/index.ts";
import { ApiError } from "../api-error.ts";
import { createCatalogFactory } from "../kinds/catalog.ts";
import { definitionStatus } from "../kinds/definition-status.ts";
import type { ServedKind } from "../kinds/served-kind.ts";
import { openRecordedDocuments } from "../recorded/documents.ts";
import { createKindRules } from "./create-rules.ts";
import type { FieldError, WriteCheck } from "./rules.ts";
import type { RecordedAnswer, RecordedCase } from "./recorded-case.ts";
import { createGoTypes } from "./types/go-types.ts";

const documents = openRecordedDocuments();
const factory = createCatalogFactory(documents);
let catalog = factory.catalogOf([]);
let addresses = 0;
const rules = createKindRules({
  documents,
  types: createGoTypes(() => documents.types),
  allocate: { clusterIP: () => `10.0.0.${++addresses}`, nodePort: () => 30_000 + ++addresses },
  now: () => "2026-01-01T00:00:00Z",
});

function kindOf(object: JsonObject): ServedKind {
  const gvk = {
    ...parseApiVersion(viewString(object, "apiVersion") ?? ""),
    kind: viewString(object, "kind") ?? "",
  };
  const kind = catalog.findKind(gvk);
  if (kind === undefined) throw new Error(`no kind ${JSON.stringify(gvk)}`);
  return kind;
}

function decode(object: JsonObject): KubeObject {
  const kind = kindOf(object);
  const { object: decoded } = rules.decode(kind, object);
  const generated = viewString(decoded, "metadata", "generateName");
  const metadata = {
    ...viewObject(decoded, "metadata"),
    ...(generated === undefined ? {} : { name: `${generated}x` }),
    ...(kind.namespaced ? { namespace: viewString(decoded, "metadata", "namespace") ?? "test" } : {}),
    uid: "UID",
  };
  if (kind.namespaced) return { ...decoded, metadata } as KubeObject;
  const { namespace: _, ...clusterScoped } = metadata as JsonObject;
  return { ...decoded, metadata: clusterScoped } as KubeObject;
}

function complete(check: WriteCheck): KubeObject {
  return rules.complete({ ...check, next: rules.withDefaults(check), given: check.next });
}

function write(test: RecordedCase): KubeObject | readonly FieldError[] {
  const kind = kindOf(test.object);
  const create = (object: KubeObject): KubeObject =>
    complete({ kind, next: object, live: undefined, subresource: "" });
  const isDefinition = kind.kind === "CustomResourceDefinition";
  const make = (object: JsonObject): KubeObject =>
    isDefinition ? established(object) : create(decode(object));
  const live = test.live === undefined ? undefined : make(test.live);
  const next = complete({ kind, next: decode(test.object), live, subresource: "" });
  const errors = rules.validate({ kind, next, live, subresource: "" });
  return errors.length === 0 ? next : errors;
}

function established(definition: JsonObject): KubeObject {
  const kind = kindOf(definition);
  const made = complete({ kind, next: decode(definition), live: undefined, subresource: "" });
  return { ...made, status: definitionStatus(made, [], "2026-01-01T00:00:00Z") };
}

/** Without what is another on each server, and without finalizers that need a controller of their own. */
function comparable(object: JsonObject): JsonValue {
  const { uid: _, namespace: __, name, ...metadata } = viewObject(object, "metadata");
  const isGenerated = metadata["generateName"] !== undefined;
  const text = JSON.stringify({ ...object, metadata: isGenerated ? metadata : { ...metadata, name } })
    .replaceAll(/"10\.\d+\.\d+\.\d+"/g, '"IP"')
    .replaceAll(/("(?:nodePort|healthCheckNodePort)"):\d+/g, '$1:"PORT"')
    .replaceAll(/"finalizers":\["kubernetes.io\/pvc?-protection"\],/g, "")
    .replaceAll(/"lastPhaseTransitionTime":"[^"]*"/g, '"lastPhaseTransitionTime":"TIME"');
  return JSON.parse(text) as JsonValue;
}

function causes(answer: RecordedAnswer): readonly string[] {
  return viewArray(answer.body, "details", "causes").map(
    (cause) =>
      `${viewString(cause, "field")}: ${viewString(cause, "reason")}: ${viewString(cause, "message")}`,
  );
}

/** The API server shows some values as its internal Go types, and a difference of them; what it says of them is the same. */
function wordsOf(error: string): string {
  return (
    error
      .replace(/(Invalid|Unsupported|Duplicate) value: (?:[[{].*[\]}]|null)(?=: |$)/s, "$1 value: …")
      .split("\n@@")[0] ?? ""
  );
}

describe.each(["core", "workloads", "refused", "updates", "custom"])("%s", (name) => {
  const answers = JSON.parse(
    readFileSync(new URL(`testdata/${name}.json`, import.meta.url), "utf8"),
  ) as Record<string, RecordedAnswer>;
  const cases = parseAllDocuments(
    readFileSync(new URL(`testdata/${name}.yaml`, import.meta.url), "utf8"),
  ).map((document) => document.toJS() as RecordedCase);

  const definitions = cases.flatMap(({ definition }) =>
    definition === undefined ? [] : [established(definition)],
  );
  beforeAll(() => {
    catalog = factory.catalogOf(definitions);
  });

  it.each(cases.filter(({ object }) => object !== undefined))(
    "$title is answered as by the API server",
    (test) => {
      const answer = answers[test.title] ?? { code: 0, body: {} };
      try {
        const result = write(test);
        if (!Array.isArray(result)) {
          // Controllers have written the status of what was there before.
          const ignored = test.live === undefined ? {} : { status: undefined };
          expect(comparable({ ...(result as KubeObject), ...ignored })).toEqual(
            comparable({ ...answer.body, ...ignored }),
          );
          expect([200, 201]).toContain(answer.code);
        } else {
          const told = (result as readonly FieldError[]).map(
            ({ field, reason, message }) => `${field}: ${reason}: ${message}`,
          );
          expect(told.map(wordsOf).toSorted()).toEqual(causes(answer).map(wordsOf).toSorted());
        }
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        expect(error.message).toBe(viewString(answer.body, "message"));
      }
    },
  );
});
