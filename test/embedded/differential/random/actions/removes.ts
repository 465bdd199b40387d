import type { JsonObject } from "#core/object/index.ts";
import type { Draw } from "../draw.ts";
import { type Action, nameIn } from "../making.ts";
import { selection } from "./reads.ts";

const policies = ["Background", "Foreground", "Orphan"];

function deleteOptions(draw: Draw): JsonObject {
  const policy = draw.chance(0.4) ? { propagationPolicy: draw.pick(policies) } : {};
  const orphan = draw.chance(0.05) ? { orphanDependents: draw.chance(0.5) } : {};
  const grace = draw.chance(0.2) ? { gracePeriodSeconds: draw.pick([0, 5, -1]) } : {};
  const dry = draw.chance(0.1) ? { dryRun: ["All"] } : {};
  return { ...policy, ...orphan, ...grace, ...dry };
}

export const remove: Action = (making) => {
  const { kind, draw } = making;
  const path = `${kind.path}/${nameIn(draw)}`;
  const options = deleteOptions(draw);
  if (draw.chance(0.3)) return [{ method: "DELETE", path }];
  if (draw.chance(0.6)) return [{ method: "DELETE", path, body: options }];
  const [isUid, isStale] = [draw.chance(0.5), draw.chance(0.3)];
  return [
    { method: "GET", path },
    ({ body }) => {
      const { uid, resourceVersion } = (body as { metadata?: JsonObject }).metadata ?? {};
      const [own, stale] = isUid
        ? [{ uid }, { uid: "11111111-1111-1111-1111-111111111111" }]
        : [{ resourceVersion }, { resourceVersion: "1" }];
      // With a revision the real server deletes in one step or not at all, as it has other things to write.
      return {
        method: "DELETE",
        path,
        body: { ...(isUid ? options : {}), preconditions: isStale ? stale : own },
      };
    },
  ];
};

export const removeMany: Action = (making) => {
  const { kind, draw } = making;
  return [
    { method: "DELETE", path: `${kind.path}?${selection(making).join("&")}`, body: deleteOptions(draw) },
  ];
};
