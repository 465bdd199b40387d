import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import { crc32 } from "node:zlib";
import { identityOf, KeptObject } from "./kept-object.ts";
import { damagedError } from "./storage-error.ts";
import type { StoreKey } from "./store.ts";

/** What a file holds when it is opened. */
export interface ReadCluster {
  readonly objects: readonly KeptObject[];
  /** The last revision that is known of. */
  readonly revision: number;
  /** False when the last process was killed, or the machine was. */
  readonly clean: boolean;
}

/** The disk may give back other bytes than it was given, and SQLite does not look at what is inside of a row. */
export function checksumOf({ resource, namespace, name }: StoreKey, text: string): number {
  return crc32(text, crc32(`${resource}\0${namespace}\0${name}\0`));
}

type Row = Readonly<Record<string, SQLOutputValue>>;

function parseObject(row: Row): KeptObject | undefined {
  const { resource, namespace, name, revision, text } = row;
  if (typeof resource !== "string" || typeof namespace !== "string" || typeof name !== "string") {
    return undefined;
  }
  if (typeof revision !== "number" || typeof text !== "string") return undefined;
  const key = { resource, namespace, name };
  if (checksumOf(key, text) !== row["checksum"]) return undefined;
  return new KeptObject(identityOf(key), revision, text);
}

/** Reads the table as it lies in the file: in the order of its index it takes more than twice as long. */
function readObjects(database: DatabaseSync, file: string): readonly KeptObject[] {
  const objects: KeptObject[] = [];
  for (const row of database.prepare("SELECT * FROM objects NOT INDEXED").iterate()) {
    const object = parseObject(row);
    if (object === undefined) {
      const { resource, namespace, name } = row;
      const what = `${String(resource)} ${String(namespace)}/${String(name)}`;
      throw damagedError(file, `${what} is not what was written`);
    }
    objects.push(object);
  }
  return objects;
}

export function readCluster(database: DatabaseSync, file: string): ReadCluster {
  const { revision, clean } = database.prepare("SELECT revision, clean FROM cluster").get() ?? {};
  if (typeof revision !== "number") throw damagedError(file, "its last revision is missing");
  const objects = readObjects(database, file);
  // Only deletions write the last revision: a write has it in its row.
  const last = objects.reduce((newest, object) => Math.max(newest, object.revision), revision);
  return { objects, revision: last, clean: clean === 1 };
}
