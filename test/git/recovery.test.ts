import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startGitStore } from "#git/index.ts";
import { systemClock } from "#runtime/clock.ts";
import { createRepository, startGitHttpServer } from "#test/git-servers/index.ts";
import {
  accessTo,
  createDirectory,
  disposeLater,
  failureOf,
  now,
  readText,
  signal,
  startStore,
  patiently,
} from "./fixture.ts";

/** Command lines of the git processes that work in a directory. */
async function gitProcessesIn(directory: string): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map(async (pid) => await readFile(`/proc/${pid}/cmdline`, "latin1").catch(() => "")),
  );
  return lines
    .map((line) => line.replaceAll("\0", " "))
    .filter((line) => /git/.test(line) && line.includes(directory));
}

async function mirrorIn(directory: string): Promise<string> {
  const mirrors = join(directory, "store/slot-0/mirrors");
  const [name = ""] = await readdir(mirrors);
  return join(mirrors, name);
}

/** A program that fetches until it is killed. */
const heldFetch = `
  import { startGitStore } from "#git/index.ts";
  import { systemClock } from "#runtime/clock.ts";
  const [directory, url, commit] = process.argv.slice(1);
  const signal = new AbortController().signal;
  const store = await startGitStore({ directory, clock: systemClock, signal });
  await store.open({ url, credentials: { kind: "none" }, insecureSkipVerify: false }, commit, signal);
`;

it("continues after it was killed in the middle of a fetch", async () => {
  const directory = await createDirectory();
  const repository = await createRepository(join(directory, "shop.git"));
  const commit = await repository.commit({
    "app.yaml": "a",
    "big.bin": randomBytes(500_000).toString("base64"),
  });
  const stalling = disposeLater(await startGitHttpServer({ root: directory, stallAfterBytes: 300_000 }));
  const sound = disposeLater(await startGitHttpServer({ root: directory }));
  const url = `${stalling.url}/shop.git`;
  const program = [process.execPath, "--input-type=module", "--eval", heldFetch] as const;
  const child = spawn(program[0], [...program.slice(1), join(directory, "store"), url, commit], {
    stdio: "inherit",
  });
  const ended = once(child, "exit");
  const packs = async () => await readdir(join(await mirrorIn(directory), "objects/pack")).catch(() => []);
  await expect.poll(packs, patiently).toEqual([expect.stringMatching(/^tmp_pack/)]);
  child.kill("SIGKILL");
  await ended;
  const mirror = await mirrorIn(directory);
  await writeFile(join(mirror, "shallow.lock"), "");
  await writeFile(join(mirror, "refs/mooring.lock"), "");

  const store = await startStore(directory);
  await expect.poll(async () => await gitProcessesIn(join(directory, "store")), patiently).toEqual([]);
  expect(await readText(store, accessTo(`${sound.url}/shop.git`), { commit, path: "app.yaml" })).toBe("a");
});

it("fetches a damaged mirror anew", async () => {
  const directory = await createDirectory();
  const repository = await createRepository(join(directory, "shop.git"));
  const commit = await repository.commit({ "app.yaml": "a" });
  const access = accessTo(repository.url);
  const damage: Record<string, (mirror: string) => Promise<void>> = {
    "cut off packs": async (mirror) => {
      const packs = join(mirror, "objects/pack");
      const names = (await readdir(packs)).filter((name) => name.endsWith(".pack"));
      await Promise.all(names.map(async (name) => await truncate(join(packs, name), 20)));
    },
    "lost objects": async (mirror) => await rm(join(mirror, "objects/pack"), { recursive: true }),
    "lost HEAD": async (mirror) => await rm(join(mirror, "HEAD")),
    "empty ref": async (mirror) => await truncate(join(mirror, "refs/mooring/commits", commit), 0),
    "torn shallow file": async (mirror) => await writeFile(join(mirror, "shallow"), "x"),
  };
  const options = { directory: join(directory, "store"), clock: systemClock, signal };
  const read = async () => {
    await using store = await startGitStore(options);
    const old = await failureOf(readText(store, access, { commit, path: "app.yaml" }));
    const newer = await repository.change({ "new.yaml": "n" });
    return [old, await failureOf(readText(store, access, { commit: newer, path: "new.yaml" }))];
  };
  await read();
  for (const [name, doDamage] of Object.entries(damage)) {
    await doDamage(await mirrorIn(directory));
    expect([name, ...(await read())]).toEqual([name, 'succeeded with "a"', 'succeeded with "n"']);
  }
});

it("gives two processes with one directory mirrors of their own", async () => {
  const directory = await createDirectory();
  const repository = await createRepository(join(directory, "shop.git"));
  const commit = await repository.commit({ "app.yaml": "a" });
  const access = accessTo(repository.url);
  const stores = [await startStore(directory), await startStore(directory)];
  const texts = stores.map(async (store) => await readText(store, access, { commit, path: "app.yaml" }));
  expect(await Promise.all(texts)).toEqual(["a", "a"]);
  expect((await readdir(join(directory, "store"))).filter((name) => !name.endsWith(".lock"))).toEqual([
    "slot-0",
    "slot-1",
  ]);
});

it("reads what it has without the network, also after a restart", async () => {
  const directory = await createDirectory();
  const repository = await createRepository(join(directory, "shop.git"));
  const commit = await repository.commit(
    { "app.yaml": "a", "other.yaml": "b" },
    { message: "subject\n\nbody" },
  );
  await repository.tag("v1", commit);
  const auth = { kind: "basic", username: "ada", password: "secret" } as const;
  const server = await startGitHttpServer({ root: directory, auth });
  const access = accessTo(`${server.url}/shop.git`, auth);
  const options = { directory: join(directory, "store"), clock: systemClock, signal };
  {
    await using store = await startGitStore(options);
    await store.resolve(access, "main", now);
    expect(await readText(store, access, { commit, path: "app.yaml" })).toBe("a");
    expect(await store.readCommit(access, commit, signal)).toMatchObject({
      author: "Ada Lovelace <ada@example.com>",
      message: "subject\n\nbody",
      tags: ["v1"],
    });
    await server[Symbol.asyncDispose]();
    expect(await readText(store, access, { commit, path: "other.yaml" })).toBe("b");
  }
  await using store = await startGitStore(options);
  expect(await readText(store, access, { commit, path: "other.yaml" })).toBe("b");
  expect(await store.resolve(access, commit, now)).toEqual({ commit });
  expect(await failureOf(store.resolve(access, "main", now))).toMatch(/^GIT_UNREACHABLE: /);
  const last = { commit, ref: "refs/heads/main" };
  expect(await store.resolve(access, "main", { ...now, orKnown: true })).toEqual(last);
  const other = accessTo(access.url, { ...auth, username: "eve" });
  const asOther = store.resolve(other, "main", { ...now, orKnown: true });
  expect(await failureOf(asOther)).toMatch(/^GIT_UNREACHABLE: /);
});

it("goes on when a reader is killed", async () => {
  const directory = await createDirectory();
  const repository = await createRepository(join(directory, "shop.git"));
  const commit = await repository.commit({ "app.yaml": "a", "other.yaml": "b" });
  const access = accessTo(repository.url);
  const store = await startStore(directory);
  expect(await readText(store, access, { commit, path: "app.yaml" })).toBe("a");
  const [pid = ""] = await readdir(join(directory, "store/slot-0/running"));
  process.kill(Number(pid), "SIGKILL");
  expect(await readText(store, access, { commit, path: "other.yaml" })).toBe("b");
});

it("ends every process when its signal aborts, also in the middle of a fetch", async () => {
  const directory = await createDirectory();
  const repository = await createRepository(join(directory, "shop.git"));
  const commit = await repository.commit({ "big.bin": randomBytes(500_000).toString("base64") });
  const other = await createRepository(join(directory, "other.git"));
  const small = await other.commit({ "app.yaml": "a" });
  const stalling = disposeLater(await startGitHttpServer({ root: directory, stallAfterBytes: 300_000 }));
  const stop = new AbortController();
  const store = await startGitStore({
    directory: join(directory, "store"),
    clock: systemClock,
    signal: stop.signal,
  });
  expect(await readText(store, accessTo(other.url), { commit: small, path: "app.yaml" })).toBe("a");
  const opened = failureOf(store.open(accessTo(`${stalling.url}/shop.git`), commit, signal));
  const running = async () => (await gitProcessesIn(join(directory, "store"))).length;
  await expect.poll(running, patiently).toBeGreaterThan(1);
  const started = performance.now();
  stop.abort();
  await store[Symbol.asyncDispose]();
  expect(await running()).toBe(0);
  expect(performance.now() - started).toBeLessThan(5_000);
  expect(await opened).toMatch(/^AbortError: /);
  expect(await failureOf(store.open(accessTo(other.url), small, signal))).toMatch(/^AbortError: /);
});
