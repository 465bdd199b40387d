import type { JsonObject } from "#core/object/index.ts";
import { metadataOf } from "../metadata.ts";
import {
  type Action,
  changesOf,
  contentTypes,
  edited,
  isStatus,
  nameIn,
  objectOf,
  patchRequest,
  queryOf,
} from "../making.ts";
import { part, whole, wholeApply } from "../shapes.ts";

export const create: Action = (making) => {
  const body = objectOf(making, nameIn(making.draw), whole);
  return [{ method: "POST", path: `${making.kind.path}${queryOf(making.draw)}`, body }];
};

/** One that is surely accepted, so that what comes after has something to be about. */
export const createMinimal: Action = ({ kind, draw }) => {
  const body = { ...kind.head, metadata: { name: "one", labels: { l: "1" } }, ...kind.minimal };
  return [{ method: "POST", path: `${kind.path}${queryOf(draw)}`, body }];
};

/** One that is only tried, by its one name. */
export const tryToCreate: Action = ({ kind, draw }) => {
  const name = draw.chance(0.95) ? "things.tried.example.com" : "others.tried.example.com";
  const metadata = { name, ...metadataOf(draw, whole) };
  const body = { ...kind.head, metadata, ...(kind.content(draw, whole) as JsonObject) };
  return [{ method: "POST", path: `${kind.path}?dryRun=All&fieldManager=ann`, body }];
};

export const replace: Action = (making) => {
  const name = nameIn(making.draw);
  const body = objectOf(making, name, whole);
  return [{ method: "PUT", path: `${making.kind.path}/${name}${queryOf(making.draw)}`, body }];
};

/** Reads, changes what was read and writes it back, as most clients do. */
export const edit: Action = (making) => {
  const { kind, draw } = making;
  const name = nameIn(draw);
  const path = `${kind.path}/${name}`;
  const changes = changesOf(making);
  const query = queryOf(draw);
  return [
    { method: "GET", path },
    ({ body }) => ({
      method: "PUT",
      path: `${path}${query}`,
      body: isStatus(body) ? { ...kind.head, ...changes, metadata: { name } } : edited(body, changes),
    }),
  ];
};

export const patch: Action = (making) => {
  const { kind, draw } = making;
  const path = `${kind.path}/${nameIn(draw)}${queryOf(draw)}`;
  return [patchRequest(making, path, changesOf(making))];
};

export const apply: Action = (making) => {
  const { kind, draw } = making;
  const name = nameIn(draw);
  const body = objectOf(making, name, draw.chance(0.4) ? wholeApply : part);
  const force = draw.chance(0.4) ? ["force=true"] : draw.chance(0.1) ? ["force=false"] : [];
  const path = `${kind.path}/${name}${queryOf(draw, force)}`;
  return [{ method: "PATCH", path, body, contentType: contentTypes.apply }];
};
