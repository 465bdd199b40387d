import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { ApiError } from "../../api-error.ts";
import { objectText } from "../../storage/object-text.ts";
import type { ResourceContext } from "../context.ts";
import { headerOf, wantsPretty } from "../exchange.ts";
import { chooseForm, type Chosen } from "../negotiate/accept.ts";
import { readInclusion, tableHead, tableRow } from "../tables/table.ts";
import { shapeOf } from "../tables/shape-of.ts";
import { partialOf } from "./partial.ts";
import { sendJson } from "./send-json.ts";
import { sendParts, sendText } from "./write.ts";

/** An object that may have its JSON text already. */
export interface Shown {
  readonly object: KubeObject;
  readonly text?: string;
}

/** To be called before anything is done, so that nothing is done whose answer nobody takes. */
export function chooseObjectForm({ exchange }: ResourceContext): Chosen {
  const chosen = chooseForm(headerOf(exchange, "accept"));
  if (chosen.form.kind === "partial" && chosen.form.list) {
    throw new ApiError(
      "NotAcceptable",
      "you requested PartialObjectMetadataList, but the requested object is not a list",
    );
  }
  if (chosen.form.kind === "table") readInclusion(exchange.query);
  return chosen;
}

export async function sendObject(
  context: ResourceContext,
  { form, pretty }: Chosen,
  { status, shown }: { readonly status: number; readonly shown: Shown },
): Promise<void> {
  const { exchange } = context;
  const head = { status, contentType: "application/json" };
  const isPlain = form.kind === "object" && !wantsPretty(exchange, pretty);
  if (isPlain && shown.text !== undefined) return sendParts(exchange, head, [`${shown.text}\n`]);
  if (isPlain) return sendText(exchange, head, `${objectText(shown.object)}\n`);
  sendJson(exchange, { status, value: formed(context, form, shown.object), pretty });
}

function formed(context: ResourceContext, form: Chosen["form"], object: KubeObject): JsonValue {
  switch (form.kind) {
    case "object":
      return object;
    case "partial":
      return partialOf(object, form.version);
    case "table":
      return tableOfOne(context, object, form.version);
    default:
      throw new Error(`unknown form: ${JSON.stringify(form satisfies never)}`);
  }
}

function tableOfOne(
  { exchange, target, serving }: ResourceContext,
  object: KubeObject,
  version: string,
): JsonObject {
  const shape = shapeOf(target, serving.options.columnsOf);
  const inclusion = readInclusion(exchange.query);
  const { resourceVersion } = object.metadata;
  return {
    ...tableHead(version, resourceVersion === undefined ? {} : { resourceVersion }),
    columnDefinitions: shape.columns.map((column) => ({ ...column })),
    rows: [tableRow(shape, object, { inclusion, version, nowMs: exchange.clock.now() })],
  };
}
