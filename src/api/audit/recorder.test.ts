import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { DescMethod } from "@bufbuild/protobuf";
import { expect, it, onTestFinished } from "vitest";
import type { ErrorCode } from "#core/errors/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { openSqliteAudit } from "#store/index.ts";
import { systemClock } from "#runtime/clock.ts";
import { createLog } from "#runtime/log.ts";
import type { ApiMethods, Origin } from "../call.ts";
import { anonymousIdentity } from "../auth/identity.ts";
import type { Identity } from "../auth/index.ts";
import type { Caller } from "../caller.ts";
import { createCaller } from "../caller.ts";
import { methodName, routesOf, services } from "../contract/methods.ts";
import { isRequired } from "../contract/codec/require-fields.ts";
import { createDispatcher } from "../dispatch.ts";
import {
  createAuditRecorder,
  createFingerprint,
  createRecordKeeper,
  createRecordLimits,
  createWriteNotes,
} from "./index.ts";

const all: readonly DescMethod[] = Object.values(services).flatMap((service) => service.methods);

/** Every method, each of which ends with this error; with none, it answers. */
function methodsThatEnd(code: ErrorCode | undefined): ApiMethods<Caller> {
  const end = (): JsonObject => {
    if (code !== undefined) throw new MooringError(code, "Application/guarded: hunter2");
    return {};
  };
  const run = (_request: unknown, { caller }: { readonly caller: Caller }) => {
    caller.needsNoPermission();
    return Promise.try(end);
  };
  async function* stream(request: unknown, call: { readonly caller: Caller }) {
    yield await run(request, call);
  }
  return Object.fromEntries(
    Object.entries(services).map(([service, { methods }]) => [
      service,
      Object.fromEntries(
        methods.map(({ localName, methodKind }) => [
          localName,
          methodKind === "server_streaming" ? stream : run,
        ]),
      ),
    ]),
  );
}

const origin: Origin = {
  credentials: {},
  address: undefined,
  peer: "192.0.2.7",
  userAgent: `tool\u001B[31m${"x".repeat(1_000)}`,
  setCookies: () => undefined,
  signal: new AbortController().signal,
};

interface Started {
  readonly ends?: ErrorCode;
  readonly isRequired?: boolean;
  /** Who asks; nobody unless told. */
  readonly identity?: () => Identity | undefined;
  /** Between one look at the clock and the next; so that nothing is asked too often. */
  readonly stepMs?: number;
}

async function start({ ends, isRequired = false, identity = () => undefined, stepMs = 1_000 }: Started) {
  const directory = mkdtempSync(path.join(tmpdir(), "mooring-audit-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const file = path.join(directory, "audit.db");
  const limits = { maxAgeMs: 86_400_000, maxBytes: 10_000_000 };
  const store = openSqliteAudit({ file, limits, clock: systemClock });
  onTestFinished(() => store[Symbol.asyncDispose]());
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  const log = createLog({ level: "info", format: "text", write, now: () => 0 });
  const keeper = createRecordKeeper({ store, log, isRequired });
  const alarms: (() => void)[] = [];
  const clock = {
    ...systemClock,
    nowMs: Date.now(),
    now: () => (clock.nowMs += stepMs),
    after: (_ms: number, ring: () => void) => {
      alarms.push(ring);
      return { [Symbol.dispose]: () => void alarms.splice(alarms.indexOf(ring), 1) };
    },
  };
  const recordLimits = createRecordLimits({ clock, keep: keeper.keep });
  const recorder = createAuditRecorder({
    keeper,
    limits: recordLimits,
    notes: createWriteNotes(),
    fingerprint: createFingerprint("key"),
    findTarget: () => undefined,
    isAccount: (name) => name === "ada",
    clock,
  });
  const caller = () => createCaller({ identity: identity(), permits: () => true });
  const gate = { admit: () => Promise.resolve(caller()), assertChecked: () => undefined };
  const dispatcher = createDispatcher(methodsThatEnd(ends), gate, recorder);
  const ask = async (method: DescMethod, request: JsonObject = {}, from = origin): Promise<void> => {
    if (method.methodKind === "unary") await dispatcher.unary(method, request, from);
    else if (method.methodKind === "client_streaming") await dispatcher.clientStream(method, none(), from);
    else for await (const _ of dispatcher.serverStream(method, request, from));
  };
  const recorded = async () => (await store.list({ limit: 1_000 })).records.toReversed();
  return { ask, recorded, keeper, recordLimits, alarms, file, lines };
}

const named = (username: string): Identity => ({
  username,
  subject: username,
  kind: "local",
  groups: [],
  issuer: "argocd",
  claims: {},
  carrier: "bearer",
  issuedAtMs: 0,
  sessionExpiresAtMs: undefined,
});

async function* none(): AsyncIterable<JsonObject> {
  // Nothing is sent.
}

/** A request with something in every field that must be there. */
function requestOf({ input }: DescMethod): JsonObject {
  const given = input.fields.filter((field) => isRequired(field));
  return Object.fromEntries(given.map(({ name, fieldKind }) => [name, fieldKind === "message" ? {} : "x"]));
}

const namesOf = (methods: readonly DescMethod[]) => methods.map((method) => methodName(method)).toSorted();
const code = (error: unknown) => (error instanceof MooringError ? error.code : String(error));

it("records every method that something else than GET leads to, but for those that read", async () => {
  const { ask, recorded } = await start({ identity: () => named("ada") });
  const failures: string[] = [];
  for (const method of all) {
    await ask(method, requestOf(method)).catch((error: unknown) =>
      failures.push(`${methodName(method)}: ${code(error)}`),
    );
  }
  expect(failures).toEqual([]);
  const readsWithBody = [
    "application.ApplicationService/GetManifestsWithFiles",
    "applicationset.ApplicationSetService/Generate",
    "mooring.plan.PlanService/Make",
    "mooring.plan.PlanService/Preview",
    "repository.RepositoryService/GetAppDetails",
    "repository.RepositoryService/ValidateAccess",
    "repository.RepositoryService/ValidateWriteAccess",
  ];
  const writes = all.filter((method) => routesOf(method).some(({ verb }) => verb !== "GET"));
  const expected = namesOf(writes).filter((name) => !readsWithBody.includes(name));
  expect((await recorded()).map(({ method }) => method).toSorted()).toEqual(expected);
  expect(expected.length).toBeGreaterThan(40);
});

it("records every method that the policy refuses, streams too, without the words of the refusal", async () => {
  const { ask, recorded, lines } = await start({ ends: "API_FORBIDDEN" });
  for (const method of all)
    await expect(ask(method, requestOf(method))).rejects.toMatchObject({ code: "API_FORBIDDEN" });
  const records = await recorded();
  expect(records.map(({ method }) => method).toSorted()).toEqual(namesOf(all));
  expect(new Set(records.map(({ outcome }) => outcome))).toEqual(new Set(["refused"]));
  expect(JSON.stringify(records) + lines.join("")).not.toContain("hunter2");
});

it("says who a password was tried for, and not what is typed where a name belongs", async () => {
  const { ask, recorded } = await start({ ends: "API_UNAUTHENTICATED" });
  const login = services.session.method.create;
  for (const username of ["ada", "correct horse", "correct horse", "battery"]) {
    await expect(ask(login, { username, password: "staple" })).rejects.toMatchObject({
      code: "API_UNAUTHENTICATED",
    });
  }
  const names = (await recorded()).map(({ user, target }) => `${user.kind} ${target.kind} ${target.name}`);
  const unknown = expect.stringMatching(/^nobody Session unknown-[0-9a-f]{8}$/u) as string;
  expect(names).toEqual(["nobody Session ada", unknown, unknown, unknown]);
  expect(names[1]).toBe(names[2]);
  expect(names[1]).not.toBe(names[3]);
});

it("keeps texts of a length that there is room for, and nothing that acts on a terminal", async () => {
  const { ask, recorded } = await start({});
  await ask(services.application.method.delete, { name: `a\nb\u001B[2J${"c".repeat(5_000)}` });
  const [record] = await recorded();
  expect(record?.from.userAgent).toBe(`tool?[31m${"x".repeat(247)}…`);
  expect(record?.target.name).toBe(`a?b?[2J${"c".repeat(249)}…`);
});

it.each([
  ["https://ada:s3cret@git.invalid/web.git", "https://git.invalid/web.git"],
  ["https://s3cret@git.invalid/web.git?token=s3cret#s3cret", "https://git.invalid/web.git"],
  ["https://ada:s3c/ret@git.invalid/web.git", "https://git.invalid/web.git"],
  ["git@git.invalid:web.git", "git@git.invalid:web.git"],
  ["https://git.invalid/charts/web@sha256", "https://git.invalid/charts/web@sha256"],
])("takes what is secret out of an address: %s", async (repo, kept) => {
  const { ask, recorded } = await start({});
  await ask(services.repository.method.createRepository, { repo: { repo, password: "s3cret" } });
  expect((await recorded()).map(({ target }) => target)).toEqual([
    { kind: "Repository", project: "", namespace: "", name: kept },
  ]);
});

/** Keeps everybody from writing to a database, as a full disk does. */
function block(file: string): { readonly end: () => void } {
  const database = new DatabaseSync(file);
  database.exec("BEGIN EXCLUSIVE");
  return {
    end: () => {
      database.exec("ROLLBACK");
      database.close();
    },
  };
}

it("goes on while records cannot be kept, says so, and keeps them in their order afterwards", async () => {
  const { ask, recorded, keeper, file, lines } = await start({});
  const blocked = block(file);
  await ask(services.application.method.delete, { name: "first" });
  expect(keeper.isFailing()).toBe(true);
  expect(lines.filter((line) => line.includes("audit records are not kept"))).toHaveLength(1);
  expect(lines.filter((line) => line.includes(" audit ") && line.includes("name=first"))).toHaveLength(1);
  blocked.end();
  await ask(services.application.method.delete, { name: "second" });
  expect(keeper.isFailing()).toBe(false);
  expect((await recorded()).map(({ target }) => target.name)).toEqual(["first", "second"]);
});

it("changes nothing while records cannot be kept where they are required, and still reads", async () => {
  const { ask, recorded, file } = await start({ isRequired: true });
  const blocked = block(file);
  await ask(services.application.method.delete, { name: "first" });
  await expect(ask(services.application.method.delete, { name: "second" })).rejects.toMatchObject({
    code: "STORE_UNAVAILABLE",
  });
  await ask(services.application.method.get, { name: "web" });
  blocked.end();
  await ask(services.application.method.delete, { name: "third" });
  expect((await recorded()).map(({ target }) => target.name)).toEqual(["first", "third"]);
});

it("keeps each record once when many requests end at the same time", async () => {
  const { ask, recorded } = await start({});
  const names = Array.from({ length: 200 }, (_, i) => `app-${i}`);
  await Promise.all(names.map((name) => ask(services.application.method.delete, { name })));
  expect((await recorded()).map(({ target }) => target.name)).toEqual(names);
});

it("keeps no record of who logs out without being anybody", async () => {
  let who: Identity | undefined;
  const { ask, recorded, lines } = await start({ identity: () => who });
  for (let n = 0; n < 10; n += 1) await ask(services.session.method.delete);
  who = anonymousIdentity;
  await ask(services.session.method.delete);
  expect([await recorded(), lines]).toEqual([[], []]);
  who = named("ada");
  await ask(services.session.method.delete);
  expect((await recorded()).map(({ user, outcome }) => [user.name, outcome])).toEqual([["ada", "ok"]]);
});

it.each(["API_FORBIDDEN", "KUBE_NOT_FOUND"] as const)(
  "keeps a flood of requests that end with %s from being one of records, and says how many it left out",
  async (ends) => {
    let who = named("eve");
    const { ask, recorded, recordLimits, alarms } = await start({ ends, identity: () => who, stepMs: 0 });
    const failing = async (times: number): Promise<void> => {
      for (let n = 0; n < times; n += 1)
        await expect(ask(services.application.method.delete, { name: `app-${n}` })).rejects.toThrow();
    };
    await failing(100);
    who = named("ada");
    await failing(1);
    const names = async () => (await recorded()).map(({ user }) => user.name);
    expect(await names()).toEqual([...Array.from({ length: 60 }, () => "eve"), "ada"]);
    for (const ring of alarms.splice(0)) ring();
    await expect.poll(async () => (await recorded()).length).toBe(62);
    expect((await recorded()).at(-1)).toMatchObject({
      user: { name: "eve" },
      target: { name: "app-99" },
      leftOut: 39,
    });
    who = named("eve");
    await failing(2);
    await recordLimits[Symbol.asyncDispose]();
    expect((await recorded()).at(-1)).toMatchObject({ target: { name: "app-1" }, leftOut: 1 });
  },
);

it("counts requests of nobody in particular together, wherever they come from", async () => {
  const { ask, recorded, recordLimits } = await start({ ends: "API_UNAUTHENTICATED", stepMs: 0 });
  const sync = services.application.method.sync;
  for (let n = 0; n < 800; n += 1) {
    const from = { ...origin, peer: `10.0.${n >> 8}.${n & 255}` };
    await expect(ask(sync, { name: "web" }, from)).rejects.toThrow();
  }
  expect(await recorded()).toHaveLength(600);
  await recordLimits[Symbol.asyncDispose]();
  expect((await recorded()).at(-1)).toMatchObject({ outcome: "refused", leftOut: 199 });
});
