import { describe, expect, it } from "vitest";
import type { AuditQuery, AuditReader } from "#ports/audit-store.ts";
import { command } from "../commands/audit.ts";
import { parseInvocation } from "../parse.ts";
import { createTestPorts } from "../testing.ts";
import { parsePage } from "./parse-record.ts";
import { parseTime } from "./parse-time.ts";

describe("a time", () => {
  const now = Date.parse("2026-01-31T12:00:00Z");

  it.each([
    ["90s", "2026-01-31T11:58:30.000Z"],
    ["2h", "2026-01-31T10:00:00.000Z"],
    ["7d", "2026-01-24T12:00:00.000Z"],
    ["2026-01-01", "2026-01-01T00:00:00.000Z"],
    ["2026-01-01T10:00+02:00", "2026-01-01T08:00:00.000Z"],
  ])("is read from %s", (text, time) => {
    expect(new Date(parseTime("since", text, now) ?? 0).toISOString()).toBe(time);
  });

  it.each(["", "soon", "-2h", "2w", "2026-13-01", "01/02/2026"])("is not read from %j", (text) => {
    expect(() => parseTime("since", text, now)).toThrow(/^flag --since: .* is no time; write 90m/u);
  });
});

const item = {
  id: 1,
  time: "2026-01-31T12:00:00.000Z",
  user: { name: "eve\u001B[2J", subject: "eve", kind: "oidc", groups: 0 },
  from: { address: "192.0.2.7", userAgent: "x" },
  method: "application.ApplicationService/Sync",
  target: { kind: "Application", project: "", namespace: "", name: "web" },
  outcome: "ok",
  code: "OK",
  durationMs: 1,
};

it("asks page by page, and prints nothing that acts on a terminal", async () => {
  const queries: AuditQuery[] = [];
  const list: AuditReader["list"] = (query) => {
    queries.push(query);
    return Promise.resolve(parsePage("cd.example.com", { items: [item], continue: "5.1" }));
  };
  const reader: AuditReader = { list, [Symbol.asyncDispose]: () => Promise.resolve() };
  const ports = { ...createTestPorts(), openAudit: () => Promise.resolve(reader) };
  const args = ["--data", "d", "--limit", "2", "--result", "ok"];
  expect(await command.run(parseInvocation(command, args), ports)).toBe(0);
  const line =
    "2026-01-31T12:00:00.000Z  eve?[2J  application.ApplicationService/Sync  Application  web   OK\n";
  expect(ports.printed()).toBe(
    `TIME                      USER     METHOD                               KIND         NAME  RESULT\n${line}${line}`,
  );
  expect(queries.map(({ limit, after, result }) => [limit, after, result])).toEqual([
    [2, undefined, "ok"],
    [1, "5.1", "ok"],
  ]);
});

it.each([[{ items: [{}] }], [{ items: [{ ...item, outcome: "fine" }] }], [{ items: ["none"] }]])(
  "takes no answer for records that are none: %j",
  (page) => {
    expect(() => parsePage("cd.example.com", page)).toThrow(
      "cd.example.com: does not answer with audit records; name a server of Mooring",
    );
  },
);

it.each([
  [["--server", "x", "--data", "y"], "flags --data and --server: choose one"],
  [["--data", "y", "--limit", "-1"], "flag --limit: must be 0 or more"],
])("says how it is called: %j", async (args, message) => {
  await expect(
    command.run(parseInvocation(command, args as readonly string[]), createTestPorts()),
  ).rejects.toMatchObject({
    code: "CLI_USAGE",
    message,
  });
});
