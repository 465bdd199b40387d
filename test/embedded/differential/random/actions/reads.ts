import { type Action, type Making, nameIn } from "../making.ts";

const labelSelectors = [
  "l",
  "!l",
  "l=1",
  "l!=1",
  "l in (1,2)",
  "app notin (1),l",
  "example.com/tier",
  "l=1,app=2",
  "l>0",
];
const fieldSelectors = [
  "metadata.name=one",
  "metadata.name!=one",
  "metadata.namespace=$ns",
  "metadata.name=one,metadata.namespace!=$ns",
];

/** Query parameters that select some objects. */
export function selection({ kind, draw }: Making): readonly string[] {
  const fields = [...fieldSelectors, ...(kind.fieldSelectors ?? [])];
  return [
    ...(draw.chance(0.5) ? [`labelSelector=${encodeURIComponent(draw.pick(labelSelectors))}`] : []),
    ...(draw.chance(0.3) ? [`fieldSelector=${encodeURIComponent(draw.pick(fields))}`] : []),
  ];
}

export const read: Action = ({ kind, draw }) => {
  const part = draw.chance(0.1)
    ? { accept: "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json" }
    : {};
  return [{ method: "GET", path: `${kind.path}/${nameIn(draw)}`, ...part }];
};

export const list: Action = (making) => {
  const { kind, draw } = making;
  const selected = selection(making);
  if (draw.chance(0.6)) return [{ method: "GET", path: `${kind.path}?${selected.join("&")}` }];
  const query = ["limit=1", ...selected].join("&");
  return [
    { method: "GET", path: `${kind.path}?${query}` },
    ({ body }) => {
      const token = (body as { metadata?: { continue?: string } }).metadata?.continue;
      const next = token === undefined ? "" : `&continue=${token}`;
      return { method: "GET", path: `${kind.path}?${query}${next}` };
    },
  ];
};
