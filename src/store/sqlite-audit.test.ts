import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it, onTestFinished } from "vitest";
import type { AuditQuery, AuditStore } from "#ports/audit-store.ts";
import { systemClock } from "#runtime/clock.ts";
import { describeAuditStore, recordAt } from "./audit-contract.ts";
import { selectRecords } from "./audit-select.ts";
import { openSqliteAudit, openSqliteAuditReader } from "./index.ts";

function newFile(): string {
  const directory = mkdtempSync(path.join(tmpdir(), "mooring-audit-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return path.join(directory, "audit", "audit.db");
}

const wide = { maxAgeMs: Number.MAX_SAFE_INTEGER, maxBytes: 100_000_000 };
const clockAt = (second: number) => ({ ...systemClock, now: () => second * 1_000 });
const open = (file: string, limits = wide, second = 0): AuditStore =>
  openSqliteAudit({ file, limits, clock: clockAt(second) });

describeAuditStore("SQLite", () => Promise.resolve(open(newFile())));

it("keeps records for the next process, in a file that nobody else may read", async () => {
  const file = newFile();
  {
    await using store = open(file);
    await store.append(recordAt(1));
  }
  await using again = open(file);
  await again.append(recordAt(2));
  const { records } = await again.list({ limit: 9 });
  expect(records.map(({ id }) => id)).toEqual([2, 1]);
  expect([file, `${file}-wal`].map((one) => (statSync(one).mode & 0o777).toString(8))).toEqual([
    "600",
    "600",
  ]);
});

it("lets others read while a server writes, and write none", async () => {
  const file = newFile();
  await using store = open(file);
  await using reader = openSqliteAuditReader(file);
  await store.append(recordAt(1));
  expect(await reader.list({ limit: 9 })).toEqual(await store.list({ limit: 9 }));
});

it("changes no record, whoever tries", async () => {
  const file = newFile();
  await using store = open(file);
  await store.append(recordAt(1));
  using database = new DatabaseSync(file);
  expect(() => database.exec("UPDATE records SET user = 'eve'")).toThrow("a record is never changed");
});

it("takes out what is older than the limit", async () => {
  const file = newFile();
  {
    await using store = open(file);
    for (let second = 1; second <= 2_500; second += 1) await store.append(recordAt(second));
  }
  await using store = open(file, { ...wide, maxAgeMs: 1_000 }, 2_500);
  const { records } = await store.list({ limit: 9 });
  expect(records.map(({ timeMs }) => timeMs)).toEqual([2_500_000, 2_499_000]);
});

it("stays within its size, and lets nothing that changes nothing push out what changed something", async () => {
  const file = newFile();
  const maxBytes = 3_000_000;
  const nothing = { changes: [] } as const;
  const floods = {
    ok: nothing,
    failed: { ...nothing, outcome: "failed", code: "KUBE_NOT_FOUND" },
    refused: { ...nothing, outcome: "refused", code: "API_FORBIDDEN" },
  } as const;
  await using store = open(file, { ...wide, maxBytes });
  for (let second = 1; second <= 1_000; second += 1) await store.append(recordAt(second));
  // What was cut off in the midst of its changes is no flood.
  await store.append(recordAt(1_001, { outcome: "failed", code: "KUBE_CONFLICT" }));
  let second = 1_001;
  for (const given of Object.values(floods)) {
    for (let n = 0; n < 1_500; n += 1) await store.append(recordAt((second += 1), given));
  }
  using database = new DatabaseSync(file, { readOnly: true });
  const counted = "SELECT share, COUNT(*) AS count FROM records GROUP BY share";
  const counts = () =>
    new Map(
      database
        .prepare(counted)
        .all()
        .map(({ share, count }) => [String(share), Number(count)]),
    );
  expect(counts().get("changed")).toBe(1_001);
  // Nor does one flood push out another.
  for (const share of Object.keys(floods)) expect(counts().get(share)).toBeGreaterThan(250);
  expect((await store.list({ limit: 1 })).records).toMatchObject([{ timeMs: second * 1_000 }]);
  for (let n = 0; n < 2_500; n += 1) await store.append(recordAt((second += 1)));
  expect(counts().get("changed")).toBeLessThan(2_500);
  expect(counts().get("refused")).toBeGreaterThan(250);
  // The log of SQLite is written back only now and then.
  expect(statSync(file).size).toBeLessThan(maxBytes * 1.5);
});

it("knows what the records of a file in the first format take", async () => {
  const file = newFile();
  {
    await using store = open(file);
    for (let second = 1; second <= 10; second += 1) await store.append(recordAt(second));
    await store.append(recordAt(11, { outcome: "refused", changes: [] }));
  }
  const bytes = (): unknown => {
    using database = new DatabaseSync(file);
    return database.prepare("SELECT share, bytes FROM shares").all();
  };
  const before = bytes();
  {
    using database = new DatabaseSync(file);
    database.exec(`DROP TRIGGER records_counted; DROP TRIGGER records_discounted; DROP TABLE shares; DROP INDEX records_by_share;
      ALTER TABLE records DROP COLUMN share; ALTER TABLE records DROP COLUMN bytes; PRAGMA user_version = 1`);
  }
  await open(file)[Symbol.asyncDispose]();
  expect(bytes()).toEqual(before);
  expect(before).toHaveLength(2);
});

it("finds records by an index whatever is asked for, in order, among 100,000", async () => {
  const file = newFile();
  await using store = open(file);
  using database = new DatabaseSync(file);
  database.exec(`INSERT INTO records (time, user, service, method, kind, project, namespace, name, outcome, code, record)
    WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 100000)
    SELECT n, 'user-' || (n % 100), 's', 'm-' || (n % 9), 'Application', 'p-' || (n % 30), 'argocd', 'app-' || (n % 5000), 'ok', 'OK', '{}'
    FROM counted`);
  const queries: readonly AuditQuery[] = [
    {},
    { sinceMs: 5, untilMs: 90_000 },
    { user: "user-1", sinceMs: 5 },
    { method: "m-1" },
    { kind: "Application", name: "app-7", untilMs: 90_000 },
    { project: "p-3", kind: "Application", result: "ok" },
    { result: "API_FORBIDDEN" },
    { result: "refused", after: "90000.90000" },
    { user: "user-1", after: "90000.90000" },
  ].map((query) => ({ ...query, limit: 100 }));
  const plans = queries.map((query) => {
    const { sql, values } = selectRecords(query);
    return database
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all(...values)
      .map(({ detail }) => String(detail))
      .join("; ");
  });
  expect(plans).toMatchInlineSnapshot(`
    [
      "SCAN records USING INDEX records_by_time",
      "SEARCH records USING INDEX records_by_time (time>? AND time<?)",
      "SEARCH records USING INDEX records_by_user (user=? AND time>?)",
      "SEARCH records USING INDEX records_by_method (method=?)",
      "SEARCH records USING INDEX records_by_name (name=? AND time<?)",
      "SEARCH records USING INDEX records_by_project (project=?)",
      "SEARCH records USING INDEX records_by_code (code=?)",
      "SEARCH records USING INDEX records_by_outcome (outcome=? AND time<?)",
      "SEARCH records USING INDEX records_by_user (user=? AND time<?)",
    ]
  `);
  expect((await store.list({ name: "app-7", limit: 100 })).records).toHaveLength(20);
});

it("tells a file of a newer version, of another program, and none at all", async () => {
  const newer = newFile();
  await open(newer)[Symbol.asyncDispose]();
  using database = new DatabaseSync(newer);
  database.exec("PRAGMA user_version = 99");
  const others = newFile();
  mkdirSync(path.dirname(others));
  using theirs = new DatabaseSync(others);
  theirs.exec("CREATE TABLE bookmarks (url TEXT)");
  const broken = newFile();
  mkdirSync(path.dirname(broken));
  writeFileSync(broken, "no database at all, but a text that is long enough for a header".repeat(20));
  const asked = [
    () => open(newer),
    () => openSqliteAuditReader(newer),
    () => open(others),
    () => open(broken),
    () => openSqliteAuditReader(`${newer}.gone`),
  ];
  const said = asked.map((ask) => {
    try {
      ask();
      return "";
    } catch (error) {
      return String(error).replace(/file \S+:/u, "file:");
    }
  });
  expect(said).toMatchInlineSnapshot(`
    [
      "MooringError: file: was written by a newer Mooring, in format 99; run that version",
      "MooringError: file: was written by a newer Mooring, in format 99; run that version",
      "MooringError: file: is a database of something else than audit records; move it away",
      "MooringError: file: cannot be written: file is not a database; look at the disk and at who may use the file",
      "MooringError: file: cannot be read: unable to open database file; look at the disk and at who may use the file",
    ]
  `);
  expect(readFileSync(broken, "utf8")).toContain("no database at all");
});

it("makes an empty file one of its own", async () => {
  const file = newFile();
  mkdirSync(path.dirname(file));
  writeFileSync(file, "");
  await using store = open(file);
  await store.append(recordAt(1));
  expect((await store.list({ limit: 9 })).records).toHaveLength(1);
});
