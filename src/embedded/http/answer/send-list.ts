import { formatApiVersion, type JsonObject } from "#core/object/index.ts";
import { ApiError } from "../../api-error.ts";
import type { StoredObject } from "../../storage/store.ts";
import type { ListAnswer } from "../../verbs/api.ts";
import type { ResourceContext } from "../context.ts";
import { headerOf, wantsPretty } from "../exchange.ts";
import { chooseForm, type Chosen } from "../negotiate/accept.ts";
import { readInclusion, tableHead, tableRow } from "../tables/table.ts";
import { shapeOf } from "../tables/shape-of.ts";
import { partialOf } from "./partial.ts";
import { sendParts } from "./write.ts";

/** To be called before anything is done. */
export function chooseListForm({ exchange }: ResourceContext): Chosen {
  const chosen = chooseForm(headerOf(exchange, "accept"));
  if (chosen.form.kind === "partial" && !chosen.form.list) {
    throw new ApiError(
      "NotAcceptable",
      "you requested PartialObjectMetadata, but the requested object is a list",
    );
  }
  if (chosen.form.kind === "table") readInclusion(exchange.query);
  return chosen;
}

interface ListParts {
  /** All fields but the items. */
  readonly head: JsonObject;
  readonly itemsField: "items" | "rows";
  readonly textOf: (item: StoredObject) => string;
}

/** Written piece by piece from the items' texts: a list of everything never stands in memory as one text. */
export async function sendList(context: ResourceContext, chosen: Chosen, answer: ListAnswer): Promise<void> {
  const parts = partsOf(context, chosen, answer);
  const pretty = wantsPretty(context.exchange, chosen.pretty);
  await sendParts(
    context.exchange,
    { status: 200, contentType: "application/json" },
    pretty ? prettyText(parts, answer) : plainText(parts, answer),
  );
}

function partsOf(context: ResourceContext, { form }: Chosen, answer: ListAnswer): ListParts {
  const metadata = listMetadata(answer);
  const { kind } = context.target;
  switch (form.kind) {
    case "object": {
      const apiVersion = formatApiVersion(kind.group, kind.version);
      // Of custom resources, whose lists are no Go type, the token is printed even where there is none.
      const isOpen = kind.isCustom && metadata["continue"] === undefined;
      const own = isOpen ? { continue: "", ...metadata } : metadata;
      const head = { kind: kind.listKind, apiVersion, metadata: own };
      // Lists of built-in kinds say once what they are lists of.
      return { head, itemsField: "items", textOf: kind.isCustom ? ({ text }) => text : untypedText };
    }
    case "partial": {
      const { version } = form;
      const head = { kind: "PartialObjectMetadataList", apiVersion: `meta.k8s.io/${version}`, metadata };
      return {
        head,
        itemsField: "items",
        textOf: ({ object }) => JSON.stringify(partialOf(object, version)),
      };
    }
    case "table":
      return tableParts(context, form.version, metadata);
    default:
      throw new Error(`unknown form: ${JSON.stringify(form satisfies never)}`);
  }
}

const typePrefix = /^\{(?:"kind":"\w+","apiVersion":"[\w./-]+"|"apiVersion":"[\w./-]+","kind":"\w+"),/;

/** The text of an object without its kind and version. */
function untypedText({ text, object }: StoredObject): string {
  const [prefix] = typePrefix.exec(text) ?? [];
  if (prefix !== undefined) return `{${text.slice(prefix.length)}`;
  const { apiVersion: _version, kind: _kind, ...rest } = object;
  return JSON.stringify(rest);
}

function tableParts(
  { exchange, target, serving }: ResourceContext,
  version: string,
  metadata: JsonObject,
): ListParts {
  const shape = shapeOf(target, serving.options.columnsOf);
  const options = { inclusion: readInclusion(exchange.query), version, nowMs: exchange.clock.now() };
  const columnDefinitions = shape.columns.map((column) => ({ ...column }));
  return {
    head: { ...tableHead(version, metadata), columnDefinitions },
    itemsField: "rows",
    textOf: (item) => tableRowText(item, () => tableRow(shape, item.object, options), options.inclusion),
  };
}

/** A row that includes the whole object takes the object's text as it is. */
function tableRowText(item: StoredObject, row: () => JsonObject, inclusion: string): string {
  if (inclusion !== "Object") return JSON.stringify(row());
  const { object: _, ...rest } = row();
  return `${JSON.stringify(rest).slice(0, -1)},"object":${item.text}}`;
}

function listMetadata(answer: ListAnswer): JsonObject {
  return {
    resourceVersion: answer.resourceVersion,
    ...(answer.continue === undefined || answer.continue === "" ? {} : { continue: answer.continue }),
    ...(answer.remainingItemCount === undefined ? {} : { remainingItemCount: answer.remainingItemCount }),
  };
}

function* plainText({ head, itemsField, textOf }: ListParts, { items }: ListAnswer): Generator<string> {
  yield `${JSON.stringify(head).slice(0, -1)},"${itemsField}":[`;
  let separator = "";
  for (const item of items) {
    yield separator + textOf(item);
    separator = ",";
  }
  yield "]}\n";
}

function* prettyText({ head, itemsField, textOf }: ListParts, { items }: ListAnswer): Generator<string> {
  yield `${JSON.stringify(head, undefined, 2).slice(0, -2)},\n  "${itemsField}": [`;
  let separator = "\n    ";
  for (const item of items) {
    yield separator + JSON.stringify(JSON.parse(textOf(item)), undefined, 2).replaceAll("\n", "\n    ");
    separator = ",\n    ";
  }
  yield items.length === 0 ? "]\n}\n" : "\n  ]\n}\n";
}
