import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it, onTestFinished } from "vitest";
import { systemClock } from "#runtime/clock.ts";
import { createLog } from "#runtime/log.ts";
import { describeAuditStore, recordAt } from "./audit-contract.ts";
import { openLastingAudit, openSqliteAudit } from "./index.ts";

const limits = { maxAgeMs: Number.MAX_SAFE_INTEGER, maxBytes: 100_000_000 };

function start() {
  const directory = mkdtempSync(path.join(tmpdir(), "mooring-audit-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const file = path.join(directory, "audit", "audit.db");
  const clock = { ...systemClock, nowMs: Date.parse("2026-01-31T12:00:00Z"), now: () => clock.nowMs };
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  const log = createLog({ level: "info", format: "text", write, now: () => 0 });
  const files = () => readdirSync(path.dirname(file)).toSorted();
  return { file, files, clock, lines, open: () => openLastingAudit({ file, limits, clock, log }) };
}

const secondsOf = async (store: ReturnType<typeof openLastingAudit>) =>
  (await store.list({ limit: 9 })).records.map(({ timeMs }) => timeMs / 1_000);

describeAuditStore("SQLite that lasts", () => Promise.resolve(start().open()));

it("starts with a file that is no database, keeps it aside, and says so", async () => {
  const { file, files, lines, open } = start();
  const broken = "no database at all, but a text that is long enough for a header".repeat(20);
  mkdirSync(path.dirname(file));
  writeFileSync(file, broken);
  await using store = open();
  await store.append(recordAt(1));
  expect(await secondsOf(store)).toEqual([1]);
  const aside = `${file}.damaged-2026-01-31T12-00-00-000Z`;
  expect(store.setAside()).toBe(aside);
  expect(readFileSync(aside, "utf8")).toBe(broken);
  expect(files()).toContain("audit.db");
  expect(lines).toEqual([expect.stringContaining("moved aside") as string]);
});

it("begins a new file when the pages of the old one turn out to be damaged, and loses no record of then", async () => {
  const { file, lines, open } = start();
  {
    await using store = open();
    for (let second = 1; second <= 300; second += 1) await store.append(recordAt(second));
  }
  // The first page, which says what there is, stays as it was.
  const { size } = statSync(file);
  const pages = readFileSync(file);
  pages.fill(0xff, 4_096, size);
  writeFileSync(file, pages);
  await using store = open();
  await store.append(recordAt(301));
  expect(await secondsOf(store)).toEqual([301]);
  expect(readFileSync(store.setAside() ?? "").length).toBe(size);
  expect(lines.filter((line) => line.includes("moved aside"))).toHaveLength(1);
});

it("starts without a file that cannot be opened, leaves it as it is, and takes it when it can be", async () => {
  const { file, files, clock, lines, open } = start();
  await openSqliteAudit({ file, limits, clock })[Symbol.asyncDispose]();
  const blocker = new DatabaseSync(file);
  blocker.exec("BEGIN EXCLUSIVE");
  await using store = open();
  await expect(store.append(recordAt(1))).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  await expect(store.list({ limit: 1 })).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  blocker.exec("ROLLBACK");
  blocker.close();
  await expect(store.append(recordAt(2))).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  clock.nowMs += 10_000;
  await store.append(recordAt(3));
  expect(await secondsOf(store)).toEqual([3]);
  expect(files().filter((name) => name.includes("damaged"))).toEqual([]);
  expect(lines).toEqual([expect.stringContaining("audit records are not kept") as string]);
});

it("moves no file aside that a newer version wrote", async () => {
  const { file, clock, open } = start();
  await openSqliteAudit({ file, limits, clock })[Symbol.asyncDispose]();
  using database = new DatabaseSync(file);
  database.exec("PRAGMA user_version = 99");
  await using store = open();
  await expect(store.append(recordAt(1))).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  expect(store.setAside()).toBeUndefined();
});
