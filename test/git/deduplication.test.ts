import { join } from "node:path";
import { expect, it } from "vitest";
import type { GitHttpServer } from "#test/git-servers/index.ts";
import { createRepository, startGitHttpServer, startHangingServer } from "#test/git-servers/index.ts";
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

function listings(server: GitHttpServer): number {
  return server.requests.filter(({ path }) => path.includes("/info/refs")).length;
}

it("lists a repository once whatever the number of callers", async () => {
  const directory = await createDirectory();
  const repository = await createRepository(join(directory, "shop.git"));
  const commit = await repository.commit({ "app.yaml": "a" });
  const server = disposeLater(await startGitHttpServer({ root: directory }));
  const store = await startStore(directory);
  const access = accessTo(`${server.url}/shop.git`);
  const many = Array.from({ length: 1_000 }, (_, index) => index);

  const together = await Promise.all(many.map(async () => await store.resolve(access, "main", now)));
  expect(new Set(together.map((resolved) => resolved.commit))).toEqual(new Set([commit]));
  expect(listings(server)).toBe(1);
  const spelledOtherwise = accessTo(`${server.url}/shop`);
  await store.resolve(spelledOtherwise, "main", { maxAgeMs: 60_000, signal });
  for (const _ of many) await store.resolve(access, "main", { maxAgeMs: 60_000, signal });
  expect(listings(server)).toBe(1);

  const newer = await repository.commit({ "app.yaml": "b" });
  expect(await store.resolve(access, "main", { maxAgeMs: 60_000, signal })).toMatchObject({ commit });
  expect(await store.resolve(access, "main", now)).toMatchObject({ commit: newer });
  expect(listings(server)).toBe(2);
});

it("answers a caller who wants news with what was asked after the call", async () => {
  const directory = await createDirectory();
  const repository = await createRepository(join(directory, "shop.git"));
  await repository.commit({ "app.yaml": "a" });
  const server = disposeLater(await startGitHttpServer({ root: directory }));
  const store = await startStore(directory);
  const access = accessTo(`${server.url}/shop.git`);
  server.pause();
  const before = store.resolve(access, "main", now);
  await expect.poll(() => server.requests.length, patiently).toBe(1);
  const after = [store.resolve(access, "main", now), store.resolve(access, "main", now)];
  server.resume();
  await before;
  await Promise.all(after);
  expect(listings(server)).toBe(2);
});

it("does not ask a dead repository again for each of a thousand applications", async () => {
  const directory = await createDirectory();
  const server = disposeLater(await startHangingServer());
  const store = await startStore(directory, { listTimeoutMs: 300 });
  const access = accessTo(`${server.url}/dead.git`);
  const attempts = Array.from(
    { length: 1_000 },
    async () => await failureOf(store.resolve(access, "main", now)),
  );
  const failures = new Set(await Promise.all(attempts));
  for (let index = 0; index < 50; index += 1)
    failures.add(await failureOf(store.resolve(access, "main", now)));
  expect([...failures].map((text) => text.replaceAll(server.url, "http://server"))).toEqual([
    "GIT_TIMEOUT: repository http://server/dead.git: listing refs: no answer in time; check the server and the network",
  ]);
  expect(server.count).toBe(1);
});

it("fetches a commit once for callers who want it together", async () => {
  const directory = await createDirectory();
  const repository = await createRepository(join(directory, "shop.git"));
  const commit = await repository.commit({ "app.yaml": "a" });
  const server = disposeLater(await startGitHttpServer({ root: directory }));
  const store = await startStore(directory);
  const access = accessTo(`${server.url}/shop.git`);
  await Promise.all(
    Array.from({ length: 200 }, async () => await readText(store, access, { commit, path: "app.yaml" })),
  );
  expect(listings(server)).toBe(1);
});
