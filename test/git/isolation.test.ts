import { randomBytes } from "node:crypto";
import { readdir, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import {
  createRepository,
  startGitHttpServer,
  startHangingServer,
  startLyingServer,
  startRedirectingServer,
} from "#test/git-servers/index.ts";
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

it("serves other repositories while many of one host hang", async () => {
  const directory = await createDirectory();
  const repository = await createRepository(join(directory, "shop.git"));
  const commit = await repository.commit({ "app.yaml": "a" });
  const hanging = disposeLater(await startHangingServer());
  const store = await startStore(directory, { listTimeoutMs: 20_000, concurrency: 4 });
  const stop = new AbortController();
  const dead = Array.from({ length: 20 }, async (_, index) =>
    failureOf(
      store.resolve(accessTo(`${hanging.url}/${index}.git`), "main", { maxAgeMs: 0, signal: stop.signal }),
    ),
  );
  await expect.poll(() => hanging.count, patiently).toBe(2);
  expect(await store.resolve(accessTo(repository.url), "main", now)).toMatchObject({ commit });
  expect(await readText(store, accessTo(repository.url), { commit, path: "app.yaml" })).toBe("a");
  stop.abort();
  const ends = (await Promise.all(dead)).map((text) => text.replace(/:.*/s, ""));
  expect(new Set(ends)).toEqual(new Set(["AbortError"]));
});

it("says what is wrong when a server shows a commit that it does not have", async () => {
  const directory = await createDirectory();
  const commit = "1234567890123456789012345678901234567890";
  const lying = disposeLater(await startLyingServer(commit));
  const store = await startStore(directory);
  const access = accessTo(`${lying.url}/shop.git`);
  expect(await store.resolve(access, "", now)).toEqual({ commit, ref: "refs/heads/main" });
  expect(
    await failureOf(store.open(access, commit, signal), { [lying.url]: "http://server" }),
  ).toMatchInlineSnapshot(
    `"GIT_REVISION_NOT_FOUND: repository http://server/shop.git: fetching commit 123456789012: the repository does not have this commit any more, or does not give it out (fatal: remote error: upload-pack: not our ref 1234567890123456789012345678901234567890; fatal: the remote end hung up unexpectedly)"`,
  );
});

// Class: requests to inside.
it("does not follow a redirect, so that credentials reach no other host", async () => {
  const directory = await createDirectory();
  const repository = await createRepository(join(directory, "shop.git"));
  const commit = await repository.commit({ "app.yaml": "a" });
  const other = disposeLater(await startGitHttpServer({ root: directory }));
  const redirecting = disposeLater(await startRedirectingServer(other.url));
  const store = await startStore(directory);
  for (const credentials of [
    { kind: "basic", username: "ada", password: "secret-1" },
    { kind: "bearer", token: "secret-2" },
  ] as const) {
    const access = accessTo(`${redirecting.url}/shop.git`, credentials);
    expect(await failureOf(store.resolve(access, "", now))).toMatch(/^GIT_NOT_FOUND: .*redirects/);
    expect(await failureOf(store.open(access, commit, signal))).toMatch(/^GIT_NOT_FOUND: .*redirects/);
  }
  expect(other.requests).toEqual([]);
});

// Class: paths and links.
it("refuses what could be read as an option or another protocol", async () => {
  const directory = await createDirectory();
  const repository = await createRepository(join(directory, "shop.git"));
  await repository.commit({ "app.yaml": "a" });
  const store = await startStore(directory);
  const code = async (work: Promise<unknown>) => (await failureOf(work)).replace(/:.*/s, "");
  for (const url of [
    "--upload-pack=touch /tmp/owned",
    "ext::sh -c touch% /tmp/owned",
    "ssh://-oProxyCommand=touch/x",
    "-oProxyCommand=touch:x",
    "git@-oProxyCommand=touch:x",
    "/etc",
    "../shop.git",
    "file://other/path",
    "https://",
    "https://host/a b",
    "https://user:pass@host/repository",
  ]) {
    expect([url, await code(store.resolve(accessTo(url), "main", now))]).toEqual([url, "GIT_INVALID"]);
  }
  for (const revision of ["--all", "main\nother", "a..b", "a b", "main:x", "main^", "@{u}", "x.lock"]) {
    expect([revision, await code(store.resolve(accessTo(repository.url), revision, now))]).toEqual([
      revision,
      "GIT_INVALID",
    ]);
  }
});

it("takes no configuration from the machine or from a repository around the store", async () => {
  const directory = await createDirectory();
  const repository = await createRepository(join(directory, "shop.git"));
  const commit = await repository.commit({ "app.yaml": "a" });
  const around = await createRepository(join(directory, "around/.git"));
  await around.git("config", "core.bare", "false");
  await around.git("config", "url.file:///nowhere/.insteadOf", "file:///");
  const store = await startStore(join(directory, "around/cache"));
  expect(await store.resolve(accessTo(repository.url), "main", now)).toMatchObject({ commit });
  expect(await readText(store, accessTo(repository.url), { commit, path: "app.yaml" })).toBe("a");
});

it("gives nobody the mirror of a repository by its place on the disk", async () => {
  const directory = await createDirectory();
  const repository = await createRepository(join(directory, "private.git"));
  const commit = await repository.commit({ "app.yaml": "a" });
  const store = await startStore(directory);
  await store.open(accessTo(repository.url), commit, signal);
  const mirrors = join(directory, "store");
  await symlink(mirrors, join(directory, "link"));
  const found = (await readdir(mirrors, { recursive: true })).filter((path) => path.endsWith("HEAD"));
  const [mirror = ""] = found.map((path) => dirname(path)).filter((path) => path.includes("mirrors"));
  expect(mirror).not.toBe("");
  const places = { [directory]: "<dir>", [mirror]: "<mirror>" };
  const failures = await Promise.all(
    [
      join(mirrors, mirror),
      join(directory, "link", mirror),
      `${directory}/store/x/../${mirror}`,
      `/proc/self/root${join(mirrors, mirror)}`,
      join(directory, "%73tore", mirror),
    ].map((path) => failureOf(store.resolve(accessTo(`file://${path}`), commit, now), places)),
  );
  const refused = "it lies in the directory of mirrors; use the URL that is mirrored";
  expect(failures).toEqual([
    `GIT_INVALID: repository file://<dir>/store/<mirror>: ${refused}`,
    `GIT_INVALID: repository file://<dir>/link/<mirror>: ${refused}`,
    `GIT_INVALID: repository file://<dir>/store/x/../<mirror>: ${refused}`,
    `GIT_INVALID: repository file:///proc/self/root<dir>/store/<mirror>: ${refused}`,
    `GIT_INVALID: repository file://<dir>/%73tore/<mirror>: ${refused}`,
  ]);
  expect(await failureOf(store.resolve(accessTo(repository.url), commit, now))).toContain("succeeded");
});

it("ends a fetch that brings more than allowed", async () => {
  const directory = await createDirectory();
  const repository = await createRepository(join(directory, "big.git"));
  const commit = await repository.commit({ "big.bin": randomBytes(1_000_000).toString("base64") });
  const server = disposeLater(await startGitHttpServer({ root: directory, stallAfterBytes: 700_000 }));
  const store = await startStore(directory, { maxFetchBytes: 100_000 });
  const access = accessTo(`${server.url}/big.git`);
  expect(
    await failureOf(store.open(access, commit, signal), {
      [server.url]: "http://server",
      [commit.slice(0, 12)]: "commit",
    }),
  ).toMatchInlineSnapshot(
    `"GIT_TOO_LARGE: repository http://server/big.git: fetching commit commit: more data than the limit allows; make the repository smaller or raise the limit"`,
  );
});

it("reads no file that is too large", async () => {
  const directory = await createDirectory();
  const repository = await createRepository(join(directory, "big.git"));
  const commit = await repository.commit({ "big.txt": "b".repeat(4_000_000), "small.txt": "s" });
  const store = await startStore(directory);
  const tree = await store.open(accessTo(repository.url), commit, signal);
  const options = { maxBytes: 1_000, signal };
  const places = { [repository.url]: "file:///big.git", [commit.slice(0, 12)]: "commit" };
  expect(await failureOf(tree.read("big.txt", options), places)).toMatchInlineSnapshot(
    `"GIT_TOO_LARGE: repository file:///big.git at commit: "big.txt" has 4000000 bytes, more than the 1000 that are allowed; make it smaller or raise the limit"`,
  );
  expect(Buffer.from(await tree.read("small.txt", options)).toString()).toBe("s");
});
