import { isJsonObject, type JsonValue, viewPath } from "#core/object/index.ts";
import { since } from "./age.ts";
import { nameColumn, type TableShape, type TableShapes, text, wide } from "./shape.ts";
import { countAt, textAt, textOr } from "./views.ts";

const event: TableShape = {
  columns: [
    ...["Last Seen", "Type", "Reason", "Object"].map((name) => text(name)),
    ...["Subobject", "Source"].map((name) => wide(text(name))),
    text("Message"),
    ...["First Seen", "Count"].map((name) => wide(text(name))),
    wide(nameColumn),
  ],
  cells: (object, nowMs) => {
    const regarding = viewPath(object, "involvedObject") ?? viewPath(object, "regarding");
    const seen = seenOf(object, nowMs);
    return [
      seen.last,
      textAt(object, "type"),
      textAt(object, "reason"),
      subjectOf(regarding),
      textAt(regarding, "fieldPath"),
      sourceOf(object),
      textOr(textAt(object, "note"), object, "message").trim(),
      seen.first,
      seen.count,
      object.metadata.name ?? "",
    ];
  },
};

export const eventShapes: TableShapes = { "/Event": event, "events.k8s.io/Event": event };

interface Seen {
  readonly first: string;
  readonly last: string;
  readonly count: number;
}

/** Fields of the core group, or what they are called in events.k8s.io. */
function seenOf(object: JsonValue, nowMs: number): Seen {
  const timeAt = (name: string, deprecated: string): JsonValue | undefined =>
    viewPath(object, name) ?? viewPath(object, deprecated);
  const firstTime = timeAt("firstTimestamp", "deprecatedFirstTimestamp") ?? viewPath(object, "eventTime");
  const first = since(firstTime, nowMs);
  const series = viewPath(object, "series");
  if (isJsonObject(series)) {
    return { first, last: since(series["lastObservedTime"], nowMs), count: countAt(series, "count") };
  }
  const lastTime = timeAt("lastTimestamp", "deprecatedLastTimestamp");
  const count = countAt(object, "count") + countAt(object, "deprecatedCount");
  return {
    first,
    last: lastTime === undefined || lastTime === null ? first : since(lastTime, nowMs),
    count: count || 1,
  };
}

function subjectOf(regarding: JsonValue | undefined): string {
  const kind = textAt(regarding, "kind").toLowerCase();
  const name = textAt(regarding, "name");
  return name === "" ? kind : `${kind}/${name}`;
}

function sourceOf(object: JsonValue): string {
  const source = viewPath(object, "source") ?? viewPath(object, "deprecatedSource");
  const controller = textOr(textAt(object, "reportingController"), object, "reportingComponent");
  const component = textOr(controller, source, "component");
  const instance = textOr(textAt(object, "reportingInstance"), source, "host");
  return instance === "" ? component : `${component}, ${instance}`;
}
