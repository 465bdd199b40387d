import type { JsonObject, KubeObject } from "#core/object/index.ts";
import type { ApiError } from "../../api-error.ts";
import type { WatchItem } from "../../verbs/api.ts";
import { partialOf } from "../answer/partial.ts";
import type { ResourceContext } from "../context.ts";
import type { Form } from "../negotiate/accept.ts";
import { shapeOf } from "../tables/shape-of.ts";
import { readInclusion, tableHead, tableRow } from "../tables/table.ts";

/** Lines of a watch's answer: one JSON event in each. */
export interface EventLines {
  lineOf(item: WatchItem): string;
  errorLine(error: ApiError): string;
}

export function createEventLines(context: ResourceContext, form: Form): EventLines {
  const textOf = objectTexts(context, form);
  return {
    lineOf: (item) => {
      if (item.type !== "BOOKMARK")
        return line(
          item.type,
          textOf(item.stored.object, () => item.stored.text),
        );
      const { object } = item;
      return line(
        "BOOKMARK",
        textOf(object, () => JSON.stringify(object)),
      );
    },
    errorLine: (error) => line("ERROR", JSON.stringify(error.toStatus())),
  };
}

function line(type: string, object: string): string {
  return `{"type":"${type}","object":${object}}\n`;
}

type TextOf = (object: KubeObject, plain: () => string) => string;

function objectTexts(context: ResourceContext, form: Form): TextOf {
  switch (form.kind) {
    case "object":
      return (_object, plain) => plain();
    case "partial":
      return (object) => JSON.stringify(partialOf(object, form.version));
    case "table":
      return tableTexts(context, form.version);
    default:
      throw new Error(`unknown form: ${JSON.stringify(form satisfies never)}`);
  }
}

/** Each event is a table of one row; only the first tells of the columns. */
function tableTexts({ exchange, target, serving }: ResourceContext, version: string): TextOf {
  const shape = shapeOf(target, serving.options.columnsOf);
  const inclusion = readInclusion(exchange.query);
  let columns: readonly JsonObject[] | null = shape.columns.map((column) => ({ ...column }));
  return (object) => {
    const { resourceVersion } = object.metadata;
    const table = {
      ...tableHead(version, resourceVersion === undefined ? {} : { resourceVersion }),
      columnDefinitions: columns,
      rows: [tableRow(shape, object, { inclusion, version, nowMs: exchange.clock.now() })],
    };
    columns = null;
    return JSON.stringify(table);
  };
}
