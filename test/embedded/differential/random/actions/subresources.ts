import type { JsonObject } from "#core/object/index.ts";
import type { Step } from "../../run-script.ts";
import {
  type Action,
  changesOf,
  contentTypes,
  edited,
  isStatus,
  nameIn,
  patchRequest,
  queryOf,
} from "../making.ts";
import { metadataOf } from "../metadata.ts";
import { change, part, whole } from "../shapes.ts";
import { patch } from "./writes.ts";

export const writeStatus: Action = (making) => {
  const { kind, draw } = making;
  if (kind.status === undefined) return patch(making);
  const name = nameIn(draw);
  const path = `${kind.path}/${name}/status`;
  const portion = draw.chance(0.5) ? whole : change;
  // Through the status of a Service that is not there the API server makes one.
  const more = kind.path.endsWith("/services") || draw.chance(0.8) ? {} : changesOf(making);
  const status = { status: kind.status(draw, portion), ...more };
  const named = { ...kind.head, metadata: { name, ...(draw.chance(0.2) ? metadataOf(draw, part) : {}) } };
  const kinds: readonly (() => readonly Step[])[] = [
    () => [patchRequest(making, `${path}${queryOf(draw)}`, status)],
    () => [patchRequest(making, `${path}${queryOf(draw)}`, status)],
    () => [
      {
        method: "PATCH",
        path: `${path}${queryOf(draw, ["force=true"])}`,
        body: { ...named, ...status },
        contentType: contentTypes.apply,
      },
    ],
    () => [
      { method: "GET", path },
      ({ body }) => ({
        method: "PUT",
        path: `${path}?fieldManager=cat`,
        body: isStatus(body) ? { ...named, ...status } : edited(body, status),
      }),
    ],
  ];
  return draw.pick(kinds)();
};

/** Everything but an apply, which the API server makes of a Scale with owners of its own. */
export const scale: Action = (making) => {
  const { kind, draw } = making;
  if (kind.hasScale !== true) return patch(making);
  const name = nameIn(draw);
  const path = `${kind.path}/${name}/scale`;
  const replicas = draw.chance(0.1) ? -1 : draw.below(4);
  const query = queryOf(draw);
  const kinds: readonly (() => readonly Step[])[] = [
    () => [{ method: "GET", path }],
    () => [
      {
        method: "PATCH",
        path: `${path}${query}`,
        body: { spec: { replicas } },
        contentType: contentTypes.merge,
      },
    ],
    () => [
      {
        method: "PATCH",
        path: `${path}${query}`,
        body: [{ op: "replace", path: "/spec/replicas", value: replicas }],
        contentType: contentTypes.json,
      },
    ],
    () => [
      { method: "GET", path },
      ({ body }) => ({
        method: "PUT",
        path: `${path}${query}`,
        body: {
          ...(isStatus(body)
            ? { apiVersion: "autoscaling/v1", kind: "Scale", metadata: { name } }
            : (body as JsonObject)),
          spec: { replicas },
        },
      }),
    ],
  ];
  return draw.pick(kinds)();
};
