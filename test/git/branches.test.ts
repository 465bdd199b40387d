import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { GitHttpServer } from "#test/git-servers/index.ts";
import { createRepository, startGitHttpServer, startGitSshServer } from "#test/git-servers/index.ts";
import {
  accessTo,
  commitOf,
  createDirectory,
  disposeLater,
  failureOf,
  now,
  prepared,
  setUpShop,
  signal,
  startStore,
} from "./fixture.ts";

function bytesOf(server: GitHttpServer): number {
  return server.requests.reduce((sum, request) => sum + request.responseBytes, 0);
}

it("lists a repository once for 57 who ask for its tips at once", async () => {
  const { directory, repository, first, branches } = await setUpShop();
  await repository.branch("env/prod", first);
  const server = disposeLater(await startGitHttpServer({ root: directory }));
  const access = accessTo(`${server.url}/shop.git`);
  const tips = await Promise.all(Array.from({ length: 57 }, () => branches.readTips(access, now)));
  expect(new Set(tips.map((each) => JSON.stringify([...each])))).toEqual(
    new Set([JSON.stringify([...(tips[0] ?? [])])]),
  );
  expect(Object.fromEntries(tips[0] ?? [])).toEqual({ main: first, "env/prod": first });
  expect(server.requests.filter(({ path }) => path.includes("info/refs"))).toHaveLength(1);
});

it("knows contents by their object id, of folders, files and where there is nothing", async () => {
  const { repository, first, branches, access } = await setUpShop({
    "env/a.yaml": "a\n",
    "b.yaml": "b\n",
  });
  const at = async (commit: string, path: string) => await branches.treeAt(access, { commit, path, signal });
  expect(await at(first, "env")).toBe(await repository.git("rev-parse", "main:env"));
  expect(await at(first, "")).toBe(await repository.git("rev-parse", "main^{tree}"));
  expect(await at(first, "b.yaml")).toBe(await repository.git("rev-parse", "main:b.yaml"));
  expect(await at(first, "gone")).toBeUndefined();
  const second = await repository.change({ "b.yaml": "other\n" });
  expect(await at(second, "env")).toBe(await at(first, "env"));
  expect(await at(second, "")).not.toBe(await at(first, ""));
});

it("knows what led to what, though mirrors have one commit of each branch", async () => {
  const { repository, first, branches, access } = await setUpShop();
  await repository.branch("prod", first);
  const prod = await repository.change({ "p.yaml": "p\n" }, { branch: "prod" });
  const second = await repository.change({ "b.yaml": "b\n" });
  const orphan = await repository.commit({ "x.yaml": "x\n" }, { branch: "orphan" });
  const leads = async (ancestor: string, descendant: string) =>
    await branches.isAncestor(access, { ancestor, descendant, signal });
  expect(await leads(first, second)).toBe(true);
  expect(await leads(second, second)).toBe(true);
  expect(await leads(second, first)).toBe(false);
  expect(await leads(prod, second)).toBe(false);
  const base = async (one: string, other: string) => await branches.mergeBase(access, { one, other, signal });
  expect(await base(second, prod)).toBe(first);
  expect(await base(second, orphan)).toBeUndefined();
  const merge = commitOf(await branches.prepareMerge(access, { ...prepared, ours: prod, theirs: second }));
  expect(await leads(second, merge)).toBe(true);
  expect(await leads(orphan, merge)).toBe(false);
  expect(await failureOf(leads("main", second))).toMatch(
    /^GIT_INVALID: commit "main": not a full commit id/u,
  );
});

it("lists the commits of a range, newest first, with their trailers, or those of one folder", async () => {
  const { repository, first, branches, access } = await setUpShop();
  await repository.change({ "env/a.yaml": "1\n" }, { timeSeconds: 1_700_000_100 });
  const second = await repository.change(
    { "b.yaml": "1\n" },
    { message: "Add b\n\nbody\n\nTicket: 7\nSigned-off-by: Ada <a@b>\n", timeSeconds: 1_700_000_200 },
  );
  const third = await repository.change({ "env/a.yaml": "2\n" }, { timeSeconds: 1_700_000_300 });
  const list = async (limit: number, path?: string) =>
    await branches.listCommits(access, { from: third, excluding: [first], path, limit, signal });
  const all = await list(10);
  expect(all.isComplete).toBe(true);
  expect(all.commits.map(({ commit }) => commit)).toEqual(
    (await repository.git("rev-list", "main", `^${first}`)).split("\n"),
  );
  expect(all.commits[1]).toEqual({
    commit: second,
    parents: [await repository.git("rev-parse", "main~2")],
    author: { name: "Ada Lovelace", email: "ada@example.com" },
    committedAt: "2023-11-14T22:16:40+00:00",
    subject: "Add b",
    trailers: [
      ["Ticket", "7"],
      ["Signed-off-by", "Ada <a@b>"],
    ],
  });
  expect(await list(2)).toMatchObject({
    isComplete: false,
    commits: [{ commit: third }, { commit: second }],
  });
  const inside = await list(10, "env");
  expect(inside.commits.map(({ commit }) => commit)).toEqual([
    third,
    await repository.git("rev-parse", "main~2"),
  ]);
  expect((await list(10, ":(exclude)env")).commits).toEqual([]);
});

it("brings of a history of 20,000 commits neither their files nor any twice", async () => {
  const directory = await createDirectory();
  const repository = await createRepository(join(directory, "big.git"));
  const count = 20_000;
  const child = spawn("git", ["--git-dir", repository.directory, "fast-import", "--quiet"], {
    stdio: ["pipe", "ignore", "inherit"],
  });
  let state = 1;
  const noise = () => {
    let text = "";
    for (let at = 0; at < 300; at += 1) {
      state = (state * 48_271) % 2_147_483_647;
      text += String.fromCodePoint(33 + (state % 90));
    }
    return text;
  };
  for (let index = 0; index < count; index += 1) {
    const who = `A <a@b> ${1_600_000_000 + index} +0000`;
    const body = noise();
    const name = `f${index % 100}`;
    child.stdin.write(
      `commit refs/heads/main\nauthor ${who}\ncommitter ${who}\ndata 2\n${index % 10}\nM 644 inline ${name}\ndata ${body.length}\n${body}\n`,
    );
  }
  child.stdin.end();
  await once(child, "close");
  for (const key of ["http.receivepack", "uploadpack.allowFilter"])
    await repository.git("config", key, "true");
  const tip = await repository.git("rev-parse", "main");
  const old = await repository.git("rev-parse", "main~15000");
  await repository.branch("prod", old);
  const whole =
    Number(/size-pack: (?<kib>\d+)/u.exec(await repository.git("count-objects", "-v"))?.groups?.["kib"]) *
    1_024;
  const server = disposeLater(await startGitHttpServer({ root: directory }));
  const store = await startStore(directory);
  const access = accessTo(`${server.url}/big.git`);
  const { branches } = store;
  expect(await branches.isAncestor(access, { ancestor: old, descendant: tip, signal })).toBe(true);
  const history = bytesOf(server);
  expect(history).toBeLessThan(whole / 2);
  const asked = server.requests.length;
  const listed = await branches.listCommits(access, { from: tip, excluding: [old], limit: 5_000, signal });
  expect(listed).toMatchObject({ isComplete: false, commits: { length: 1_000 } });
  expect(server.requests.length).toBe(asked);
  // Two commits with 100 files of 300 bytes each.
  const merge = commitOf(await branches.prepareMerge(access, { ...prepared, ours: old, theirs: tip }));
  expect(bytesOf(server) - history).toBeLessThan(150_000);
  expect(await branches.push(access, { branch: "prod", expected: old, to: merge, signal })).toEqual({
    arrived: "now",
  });
  expect(await repository.git("rev-parse", "prod^{tree}")).toBe(
    await repository.git("rev-parse", "main^{tree}"),
  );
});

it("works on a server that leaves nothing out and gives out only what refs point at", async () => {
  const { directory, repository, first, branches } = await setUpShop();
  await repository.git("config", "uploadpack.allowFilter", "false");
  await repository.git("config", "http.receivepack", "true");
  await repository.branch("prod", first);
  const prod = await repository.change({ "p.yaml": "p\n" }, { branch: "prod" });
  const main = await repository.change({ "a.yaml": "a: 2\n" });
  const server = disposeLater(await startGitHttpServer({ root: directory, protocolVersion: 0 }));
  const access = accessTo(`${server.url}/shop.git`);
  const to = commitOf(await branches.prepareMerge(access, { ...prepared, ours: prod, theirs: main }));
  expect(await branches.push(access, { branch: "prod", expected: prod, to, signal })).toEqual({
    arrived: "now",
  });
  expect(await repository.git("ls-tree", "--name-only", "prod")).toBe("a.yaml\np.yaml");
});

it("merges and pushes over SSH with a key", async () => {
  const { directory, repository, first, branches } = await setUpShop();
  await repository.branch("prod", first);
  const main = await repository.change({ "a.yaml": "a: 2\n" });
  const server = disposeLater(await startGitSshServer({ directory: join(directory, "sshd") }));
  const key = { kind: "ssh", privateKey: server.privateKey } as const;
  const access = accessTo(`${server.url}${repository.directory}`, key, { sshKnownHosts: server.knownHosts });
  const to = commitOf(await branches.prepareMerge(access, { ...prepared, ours: first, theirs: main }));
  await branches.push(access, { branch: "prod", expected: first, to, signal });
  expect(await repository.git("rev-parse", "prod")).toBe(to);
  expect(await repository.git("rev-parse", "prod^1", "prod^2")).toBe(`${first}\n${main}`);
});

it("shows histories only to those whom the repository lets in", async () => {
  const { directory, repository, first, branches } = await setUpShop();
  const auth = { kind: "basic", username: "ada", password: "secret" } as const;
  const server = disposeLater(await startGitHttpServer({ root: directory, auth }));
  const second = await repository.change({ "b.yaml": "b\n" });
  const url = `${server.url}/shop.git`;
  const pair = { ancestor: first, descendant: second, signal };
  const credentials = { kind: "basic", username: "ada", password: "secret" } as const;
  expect(await branches.isAncestor(accessTo(url, credentials), pair)).toBe(true);
  expect(await failureOf(branches.isAncestor(accessTo(url), pair))).toMatch(/^GIT_AUTH/u);
});
