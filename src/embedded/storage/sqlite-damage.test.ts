import { existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import { MooringError } from "#core/errors/index.ts";
import { createDirectory } from "./sqlite-fixture.ts";
import { openSqliteStore } from "./sqlite-store.ts";

const pod = { apiVersion: "v1", kind: "Pod", metadata: {} };

/** The file of a cluster with a hundred pods; `change` is done to it once it is closed. */
function damagedCluster(change: (file: string) => void) {
  const directory = createDirectory();
  const store = openSqliteStore({ directory });
  for (let i = 0; i < 100; i += 1) {
    const key = { resource: "/pods", namespace: "shop", name: `p${i}` };
    store.write(key, { ...pod, text: `value-${i}-${"x".repeat(500)}` });
  }
  store[Symbol.dispose]();
  const file = join(directory, "cluster.db");
  change(file);
  return { directory, file };
}

function replaceIn(file: string, from: string, to: string): void {
  writeFileSync(file, readFileSync(file, "latin1").replace(from, to), "latin1");
}

function zeroPage(file: string, page: number): void {
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.fill(0, page * 4096, (page + 1) * 4096));
}

function zeroIndex(file: string): void {
  const database = new DatabaseSync(file);
  const index = database.prepare("SELECT rootpage FROM sqlite_schema WHERE type = 'index'").get();
  database.close();
  zeroPage(file, Number(index?.["rootpage"]) - 1);
}

function keepLogOnly(file: string): void {
  rmSync(file);
  writeFileSync(`${file}-wal`, "log");
}

function execute(file: string, sql: string): void {
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
}

it.each<readonly [string, (file: string) => void]>([
  [
    "is no database",
    (file) => writeFileSync(file, "not a database, but long enough to have a header ".repeat(9)),
  ],
  ["was cut to nothing", (file) => truncateSync(file, 0)],
  ["was cut off", (file) => truncateSync(file, 20_480)],
  ["has a page of zeros", (file) => zeroPage(file, 5)],
  ["has a damaged index", zeroIndex],
  ["has another value inside of an object", (file) => replaceIn(file, "value-42-", "value-24-")],
  ["has lost its last revision", (file) => execute(file, "DELETE FROM cluster")],
  ["is the database of somebody else", (file) => execute(file, "PRAGMA application_id = 1")],
  ["is missing while its log is there", keepLogOnly],
])("refuses a file that %s, and leaves it as it is", (_, change) => {
  const { directory, file } = damagedCluster(change);
  const bytes = () => (existsSync(file) ? readFileSync(file) : undefined);
  const before = bytes();
  const message = expect.stringMatching(
    `^file ${file}: is damaged: .+; restore it from a backup, or move it `,
  );
  for (let attempt = 0; attempt < 2; attempt += 1) {
    expect(() => openSqliteStore({ directory })).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID", message }),
    );
  }
  expect(bytes()).toEqual(before);
});

it("refuses a file of a newer version and leaves it as it is", () => {
  const { directory, file } = damagedCluster((path) => execute(path, "PRAGMA user_version = 2"));
  const before = readFileSync(file);
  const message = `file ${file}: was written by a newer Mooring, in format 2; run that version`;
  expect(() => openSqliteStore({ directory })).toThrow(new MooringError("CONFIG_INVALID", message));
  expect(readFileSync(file)).toEqual(before);
});

it("says what is wrong with a directory that cannot be used", () => {
  const file = join(createDirectory(), "file");
  writeFileSync(file, "");
  const directory = join(file, "cluster");
  const message = expect.stringMatching(
    `^directory ${directory}: cannot hold a cluster: .*ENOTDIR.*; name one`,
  );
  expect(() => openSqliteStore({ directory })).toThrow(
    expect.objectContaining({ code: "CONFIG_INVALID", message }),
  );
});

it("starts anew where a creation was cut off", () => {
  const directory = createDirectory();
  writeFileSync(join(directory, "cluster.db.new"), "half of a da");
  using store = openSqliteStore({ directory });
  expect(store.resources()).toEqual([]);
});
