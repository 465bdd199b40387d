import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { GitHttpServer } from "#test/git-servers/index.ts";
import { createRepository, startGitHttpServer } from "#test/git-servers/index.ts";
import { accessTo, createDirectory, disposeLater, readText, signal, startStore } from "./fixture.ts";

function bytesOf(server: GitHttpServer): number {
  return server.requests.reduce((sum, request) => sum + request.responseBytes, 0);
}

function noise(length: number): string {
  return Array.from({ length }, () => String.fromCharCode(33 + Math.random() * 90)).join("");
}

it("brings one commit without its history, and of the next one only what is new", async () => {
  const directory = await createDirectory();
  const repository = await createRepository(join(directory, "shop.git"));
  for (let index = 0; index < 5; index += 1) await repository.commit({ "old.txt": noise(100_000) });
  const files = Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => [`apps/${index}.yaml`, noise(1_000)]),
  );
  const first = await repository.commit(files);
  const server = disposeLater(await startGitHttpServer({ root: directory }));
  const store = await startStore(directory);
  const access = accessTo(`${server.url}/shop.git`);

  expect(await readText(store, access, { commit: first, path: "apps/7.yaml" })).toBe(files["apps/7.yaml"]);
  const whole = bytesOf(server);
  expect(whole).toBeLessThan(300_000);
  const second = await repository.change({ "apps/7.yaml": "changed" });
  expect(await readText(store, access, { commit: second, path: "apps/7.yaml" })).toBe("changed");
  expect(bytesOf(server) - whole).toBeLessThan(20_000);
  const asked = server.requests.length;
  await readText(store, access, { commit: first, path: "apps/9.yaml" });
  expect(server.requests.length).toBe(asked);
});

it("fetches from a server that gives out only what refs point at", async () => {
  const directory = await createDirectory();
  const repository = await createRepository(join(directory, "old.git"));
  const first = await repository.commit({ "app.yaml": "1" });
  const second = await repository.commit({ "app.yaml": "2" });
  const server = disposeLater(await startGitHttpServer({ root: directory, protocolVersion: 0 }));
  const store = await startStore(directory);
  const access = accessTo(`${server.url}/old.git`);
  await store.resolve(access, "main", { maxAgeMs: 0, signal });
  expect(await readText(store, access, { commit: second, path: "app.yaml" })).toBe("2");
  expect(await readText(store, access, { commit: first, path: "app.yaml" })).toBe("1");
});

it("reads a repository with SHA-256 object ids", async () => {
  const directory = await createDirectory();
  const repository = await createRepository(join(directory, "shop.git"), { objectFormat: "sha256" });
  const commit = await repository.commit({ "dir/app.yaml": "a" });
  const store = await startStore(directory);
  const access = accessTo(repository.url);
  expect(await store.resolve(access, "main", { maxAgeMs: 0, signal })).toEqual({
    commit,
    ref: "refs/heads/main",
  });
  expect(await readText(store, access, { commit, path: "dir/app.yaml" })).toBe("a");
});

it("keeps the number of packs and commits bounded over many commits", async () => {
  const directory = await createDirectory();
  const repository = await createRepository(join(directory, "shop.git"));
  const store = await startStore(directory, { keepCommits: 5, keepCommitsMs: 1 });
  const access = accessTo(repository.url);
  for (let index = 0; index < 60; index += 1) {
    const commit = await repository.change({ "app.yaml": `${index}` });
    expect(await readText(store, access, { commit, path: "app.yaml" })).toBe(`${index}`);
  }
  const [mirror = ""] = await readdir(join(directory, "store/slot-0/mirrors"));
  const inside = async (path: string) => await readdir(join(directory, "store/slot-0/mirrors", mirror, path));
  expect((await inside("refs/mooring/commits")).length).toBeLessThan(20);
  expect((await inside("objects/pack")).filter((name) => name.endsWith(".pack")).length).toBeLessThan(20);
});
