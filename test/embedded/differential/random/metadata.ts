import type { JsonObject } from "#core/object/index.ts";
import type { Draw } from "./draw.ts";
import { fields, items, mapOf, mostly, one, type Portion } from "./shapes.ts";

const text = one("1", "2", "x", "");
const labels = mostly(
  mapOf(["l", "app", "example.com/tier"], one("1", "2", "x")),
  { "bad key": "x" },
  { l: "bad value!" },
  { l: 5 },
  [],
);
const annotations = mostly(mapOf(["n", "example.com/note"], text), { "bad key": "x" }, { n: 1 }, "x");
const finalizers = mostly(
  items(one("example.com/f", "example.com/g"), 2),
  ["plain"],
  [""],
  "example.com/f",
  [1],
);
const owner = fields(
  { controller: one(true, false), blockOwnerDeletion: one(true, false) },
  {
    apiVersion: mostly(one("v1"), "", "a/b/c"),
    kind: mostly(one("ConfigMap"), "", "Event"),
    name: mostly(one("owner", "other"), ""),
    uid: mostly(one("11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"), ""),
  },
);

const chosen = fields({ labels, annotations });
const rare = fields({
  finalizers,
  ownerReferences: items(owner, 2),
  uid: one("11111111-1111-1111-1111-111111111111", "x", ""),
  generation: one(7, 0, -1),
  creationTimestamp: one("2001-01-01T00:00:00Z", null, "yesterday"),
  deletionTimestamp: one("2001-01-01T00:00:00Z", null),
  deletionGracePeriodSeconds: one(5, 0),
  selfLink: one("/x"),
  resourceVersion: one("", "1", "0", "x"),
  generateName: one("made-", ""),
  managedFields: one([], [{}], null, [{ manager: "x" }]),
  nope: one(1, {}),
  namespace: one("$ns", "", "other"),
});

/** The metadata of a body, but for its name: most have labels, few have what the server owns or refuses. */
export function metadataOf(draw: Draw, portion: Portion): JsonObject {
  const common = { ...portion, keep: draw.chance(0.5) ? 0.6 : 0 };
  const more = draw.chance(0.15) ? rare(draw, { ...portion, keep: 0.12 }) : {};
  const held = draw.chance(0.06) ? { finalizers: finalizers(draw, portion) } : {};
  return { ...(chosen(draw, common) as JsonObject), ...held, ...(more as JsonObject) };
}
