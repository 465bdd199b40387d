import { mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { RepositoryAccess } from "#core/repo/index.ts";
import { startGitStore } from "#git/index.ts";
import { systemClock } from "#runtime/clock.ts";
import { createCertificateAuthority } from "#embedded/tls/certificates.ts";
import type { CommitRequest, GitWriter, TreeChange } from "#ports/git-writer.ts";
import { startGitHttpServer, startGitSshServer } from "#test/git-servers/index.ts";
import {
  accessTo,
  disposeLater,
  failureOf,
  hook,
  now,
  readText,
  setUpShop,
  signal,
  startStore,
} from "./fixture.ts";

const author = { name: "Mooring", email: "mooring@example.com" };

function writing(files: Readonly<Record<string, string | undefined>>, message = "Write"): TreeChange {
  return { files: new Map(Object.entries(files)), message };
}

async function write(
  store: GitWriter,
  access: RepositoryAccess,
  request: Partial<CommitRequest> & Pick<CommitRequest, "change">,
): ReturnType<GitWriter["commit"]> {
  return await store.commit(access, { branch: "main", author, signal, ...request });
}

describe("a commit", () => {
  it("changes the files that are named, and no other byte, mode or commit of the branch", async () => {
    const { repository, first, store, access } = await setUpShop({
      "a.yaml": "a: 1\n",
      "deep/er/b.yaml": "b: 1\n",
      "deep/run.sh": "echo 1\n",
      "gone.yaml": "gone\n",
      'odd "näme"\tof it.yaml': "c: 1\n",
    });
    const files = {
      "deep/er/b.yaml": "b: 2\n",
      "deep/run.sh": "echo 2\n",
      "gone.yaml": undefined,
      "new/c.yaml": "c\n",
      'odd "näme"\tof it.yaml': "c: 2\n",
    };
    const done = await write(store, access, {
      change: async () => writing(files, "Bump web\n\nfrom v1 to v2\n"),
    });
    expect(done?.parent).toBe(first);
    expect(await repository.git("rev-parse", "main")).toBe(done?.commit);
    expect(await repository.git("log", "--format=%an <%ae>|%cn|%B", "main", `^${first}`)).toBe(
      "Mooring <mooring@example.com>|Mooring|Bump web\n\nfrom v1 to v2",
    );
    expect(
      await repository.git(
        "-c",
        "core.quotePath=false",
        "diff-tree",
        "-r",
        "--name-status",
        "-z",
        first,
        done?.commit ?? "",
      ),
    ).toBe('M\0deep/er/b.yaml\0M\0deep/run.sh\0D\0gone.yaml\0A\0new/c.yaml\0M\0odd "näme"\tof it.yaml\0');
    expect(await repository.git("ls-tree", "main", "deep/run.sh")).toContain("100755 blob");
    expect(await repository.git("fsck", "--full", "--strict")).not.toContain("error");
    expect(await readText(store, access, { commit: done?.commit ?? "", path: "new/c.yaml" })).toBe("c\n");
  });

  it("sends what it changed, however large the repository is", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 3_000 }, (_, i) => [`apps/${i % 50}/${i}.yaml`, `a: ${i}\n`]),
    );
    const { repository, first, store, access } = await setUpShop(many);
    await write(store, access, { change: async () => writing({ "apps/7/7.yaml": "a: new\n" }) });
    // The file, the three directories it is in, and the commit.
    expect((await repository.git("rev-list", "--objects", "main", `^${first}`)).split("\n")).toHaveLength(5);
    expect(await repository.git("rev-list", "--count", "main")).toBe("2");
  });

  it("is none where nothing is to change, or what is written is there already", async () => {
    const { repository, first, store, access } = await setUpShop();
    expect(await write(store, access, { change: async () => undefined })).toBeUndefined();
    expect(
      await write(store, access, { change: async () => writing({ "a.yaml": "a: 1\n" }) }),
    ).toBeUndefined();
    expect(await repository.git("rev-parse", "main")).toBe(first);
  });

  it("is made anew on what somebody else pushed meanwhile", async () => {
    const { repository, store, access } = await setUpShop({ "a.yaml": "a: 1\n", "b.yaml": "b: 1\n" });
    const seen: string[] = [];
    const done = await write(store, access, {
      change: async (tree) => {
        const text = Buffer.from(await tree.read("a.yaml", { maxBytes: 100, signal })).toString();
        seen.push(text);
        if (seen.length === 1) await repository.change({ "a.yaml": "a: 2\n" });
        return writing({ "b.yaml": `b: ${text}` });
      },
    });
    expect(seen).toEqual(["a: 1\n", "a: 2\n"]);
    expect(await repository.git("show", `${done?.commit}:a.yaml`)).toBe("a: 2");
    expect(await repository.git("show", "main:b.yaml")).toBe("b: a: 2");
    expect(await repository.git("rev-list", "--count", "main")).toBe("3");
  });

  it("loses none of those of other processes that write at the same moment", async () => {
    const { directory, repository, access } = await setUpShop();
    const stores = await Promise.all(
      ["one", "two", "three"].map((name) => startStore(join(directory, name))),
    );
    const all = stores.flatMap((store, i) =>
      [0, 1].map((j) => write(store, access, { change: async () => writing({ [`${i}-${j}.yaml`]: "x\n" }) })),
    );
    expect((await Promise.all(all)).every((done) => done !== undefined)).toBe(true);
    expect((await repository.git("ls-tree", "--name-only", "main")).split("\n")).toHaveLength(7);
    expect(await repository.git("rev-list", "--count", "main")).toBe("7");
  });

  it("that arrived before the connection broke counts as written, once", async () => {
    const { repository, first, store, access } = await setUpShop();
    await hook(repository, "post-receive", "kill -9 $PPID");
    const done = await write(store, access, { change: async () => writing({ "a.yaml": "a: 2\n" }) });
    expect(await repository.git("rev-parse", "main")).toBe(done?.commit);
    expect(await repository.git("rev-list", "--count", `${first}..main`)).toBe("1");
  });
});

describe("another branch", () => {
  it("is made on the tip of the first, and led anew from wherever it was", async () => {
    const { repository, first, store, access } = await setUpShop();
    const bump = (text: string) =>
      write(store, access, { to: "bump/web", change: async () => writing({ "a.yaml": text }) });
    const one = await bump("a: 2\n");
    expect(await repository.git("rev-parse", "bump/web^")).toBe(first);
    const second = await repository.change({ "b.yaml": "b\n" });
    const two = await bump("a: 3\n");
    expect(await repository.git("rev-parse", "bump/web")).toBe(two?.commit);
    expect(two?.parent).toBe(second);
    expect(one?.commit).not.toBe(two?.commit);
    expect(await repository.git("rev-parse", "main")).toBe(second);
  });

  it("is not led anew when it holds the very change, from whatever process and moment", async () => {
    const { directory, repository, access } = await setUpShop();
    const change = async () => writing({ "a.yaml": "a: 2\n" });
    const start = async (name: string) =>
      disposeLater(
        await startGitStore({
          directory: join(directory, name),
          clock: { ...systemClock, now: () => (name === "early" ? 1_000_000_000_000 : 1_100_000_000_000) },
          signal,
        }),
      );
    const one = await write(await start("early"), access, { to: "bump", change });
    const late = await start("late");
    expect(await write(late, access, { to: "bump", change })).toMatchObject({ isNew: false });
    expect(await repository.git("rev-parse", "bump")).toBe(one?.commit);
    const other = await write(late, access, {
      to: "bump",
      change: async () => writing({ "a.yaml": "a: 2\n" }, "In other words"),
    });
    expect(await repository.git("rev-parse", "bump")).toBe(other?.commit);
  });

  it("is not written over when somebody moved it while the commit was made", async () => {
    const { repository, store, access } = await setUpShop();
    await repository.branch("bump", await repository.git("rev-parse", "main"));
    let theirs = "";
    const seen: number[] = [];
    const done = await write(store, access, {
      to: "bump",
      change: async () => {
        seen.push(1);
        if (seen.length === 1) theirs = await repository.change({ "theirs.yaml": "x\n" }, { branch: "bump" });
        return writing({ "a.yaml": "a: 2\n" });
      },
    });
    // It was asked again, knowing of their commit.
    expect(seen).toHaveLength(2);
    expect(theirs).not.toBe("");
    expect(await repository.git("rev-parse", "bump")).toBe(done?.commit);
  });
});

it.each(["", "zzzz", "0013\u0001000eunpack ok\n0009\u000100000000"])(
  "that arrived counts as written, once, when the server then answers %j",
  async (pushAnswer) => {
    const { directory, repository, first, store } = await setUpShop();
    await repository.git("config", "http.receivepack", "true");
    const server = disposeLater(await startGitHttpServer({ root: directory, pushAnswer }));
    const done = await write(store, accessTo(`${server.url}/shop.git`), {
      change: async () => writing({ "a.yaml": "a: 2\n" }),
    });
    expect(done?.commit).toBe(await repository.git("rev-parse", "main"));
    expect(await repository.git("rev-list", "--count", `${first}..main`)).toBe("1");
  },
);

it("that a killed process was writing does not stay in the mirror for good", async () => {
  const { directory, repository, first, access } = await setUpShop();
  const cache = join(directory, "killed");
  const refs = async () =>
    (await readdir(cache, { recursive: true })).filter((path) => path.includes("refs/mooring/writing/"));
  {
    await using killed = await startGitStore({ directory: cache, clock: systemClock, signal });
    await write(killed, access, { change: async () => writing({ "a.yaml": "a: 2\n" }) });
  }
  expect(await refs()).toEqual([]);
  const [config = ""] = (await readdir(cache, { recursive: true })).filter((path) =>
    path.endsWith("/config"),
  );
  const left = join(cache, dirname(config), "refs/mooring/writing/left");
  await mkdir(dirname(left), { recursive: true });
  await writeFile(left, `${first}\n`);
  expect(await refs()).toHaveLength(1);
  await using next = await startGitStore({ directory: cache, clock: systemClock, signal });
  await write(next, access, { change: async () => writing({ "a.yaml": "a: 3\n" }) });
  expect(await refs()).toEqual([]);
  expect(await repository.git("show", "main:a.yaml")).toBe("a: 3");
});

describe("what cannot be written", () => {
  it("is refused with what the repository says, and leaves nothing there", async () => {
    const { repository, first, store, access } = await setUpShop();
    await hook(repository, "pre-receive", "echo 'main is protected: open a pull request' >&2; exit 1");
    const failed = await failureOf(
      write(store, access, { change: async () => writing({ "a.yaml": "a: 2\n" }) }),
      { [repository.url]: "REPO" },
    );
    expect(failed).toBe(
      "GIT_REJECTED: repository REPO: does not let a commit through to branch main (pre-receive hook declined; main is protected: open a pull request); let this account push there, or write to another branch",
    );
    expect(await repository.git("rev-parse", "main")).toBe(first);
  });

  it("tells no part of a password that a hook repeats, wherever a long answer is cut", async () => {
    const { repository, store, access } = await setUpShop();
    const password = "Hunter2-of-thirty-letters-at-all";
    // What is before it is as long as makes the cut go through it.
    for (const length of [440, 450, 460]) {
      await hook(repository, "pre-receive", `printf '%0${length}d ${password}\\n' 0 >&2; exit 1`);
      const failed = await failureOf(
        write(
          store,
          { ...access, credentials: { kind: "basic", username: "ci", password } },
          { change: async () => writing({ "a.yaml": "a: 2\n" }) },
        ),
      );
      expect(failed).toContain("GIT_REJECTED");
      expect(failed).not.toContain("Hunt");
    }
  });

  it("is refused with lines that end as on Windows, and without what a terminal would obey", async () => {
    const { repository, store, access } = await setUpShop();
    await hook(
      repository,
      "pre-receive",
      String.raw`printf 'open a \033[31mpull\302\233 request\r\nand wait\r\n' >&2; exit 1`,
    );
    const failed = await failureOf(
      write(store, access, { change: async () => writing({ "a.yaml": "a: 2\n" }) }),
    );
    expect(failed).toContain("(pre-receive hook declined; open a [31mpull request; and wait)");
  });

  it("is a branch that somebody left locked, which is not said to have moved", async () => {
    const { repository, store, access } = await setUpShop();
    await writeFile(join(repository.directory, "refs/heads/main.lock"), "");
    const failed = await failureOf(
      write(store, access, { change: async () => writing({ "a.yaml": "a: 2\n" }) }),
    );
    expect(failed).toContain("was somewhere else or locked each of 10 times");
    expect(failed).toContain("take away a lock");
  });

  it("is a branch whose name stands where another has a directory, or that git itself means by it", async () => {
    const { repository, store, access } = await setUpShop();
    await repository.branch("feature/a", await repository.git("rev-parse", "main"));
    const to = async (name: string) =>
      await failureOf(
        write(store, access, { to: name, change: async () => writing({ "a.yaml": "a: 2\n" }) }),
        {
          [repository.url]: "REPO",
        },
      );
    expect(await to("main/sub")).toBe(
      "GIT_INVALID: repository REPO: branch main/sub: cannot be beside branch main; choose another name",
    );
    expect(await to("feature")).toContain("branch feature: cannot be beside branch feature/a");
    expect(await to("HEAD")).toContain('branch "HEAD": is no name of a branch');
  });

  it.each([
    "../a",
    "/a",
    "a/../b",
    "a//b",
    ".git/config",
    "a/.GIT/hooks/x",
    "git~1/x",
    "",
    "a\0b",
    "name-that-is-no-UTF-8-\uFFFD.yaml",
    String.raw`a\..\b`,
  ])("is the path %j", async (path) => {
    const { repository, first, store, access } = await setUpShop();
    const failed = await failureOf(write(store, access, { change: async () => writing({ [path]: "x" }) }));
    expect(failed).toMatch(/^GIT_INVALID: .*may not be written/u);
    expect(await repository.git("rev-parse", "main")).toBe(first);
  });

  it("is where a link or a directory stands", async () => {
    const { store, access } = await setUpShop({ "a/b.yaml": "b\n", link: "symlink:a/b.yaml" });
    expect(await failureOf(write(store, access, { change: async () => writing({ link: "x" }) }))).toContain(
      "link: is a symlink",
    );
    expect(await failureOf(write(store, access, { change: async () => writing({ a: "x" }) }))).toContain(
      "a: is a directory",
    );
  });

  it.each(["", "-x", "a..b", "a b", "refs/heads/a.lock", "a:b", "/a", "a/", "@", "a@{1}", ".a", "a\n"])(
    "is the branch %j",
    async (branch) => {
      const { store, access } = await setUpShop();
      const change = async () => writing({ "a.yaml": "x" });
      expect(await failureOf(write(store, access, { branch, change }))).toMatch(
        /^GIT_INVALID: .*is no name of a branch/u,
      );
      expect(await failureOf(write(store, access, { to: branch, change }))).toMatch(
        /^GIT_INVALID: .*is no name of a branch/u,
      );
    },
  );

  it("is a branch that is not there", async () => {
    const { store, access } = await setUpShop();
    const failed = await failureOf(
      write(store, access, { branch: "nope", change: async () => writing({ a: "x" }) }),
    );
    expect(failed).toContain("has no branch nope; make it, or name another");
  });

  it("does not hide what `change` throws", async () => {
    const { store, access } = await setUpShop();
    const change = async () => await Promise.reject(new Error("the file is none"));
    expect(await failureOf(write(store, access, { change }))).toBe("Error: the file is none");
  });
});

it("goes over HTTPS with a password and over SSH with a key, and tells neither", async () => {
  const { directory, repository, store } = await setUpShop();
  const tls = createCertificateAuthority("git test");
  const auth = { kind: "basic", username: "ada", password: "p@ss-1234" } as const;
  const web = disposeLater(await startGitHttpServer({ root: directory, tls, auth }));
  await repository.git("config", "http.receivepack", "true");
  const ssh = disposeLater(await startGitSshServer({ directory: join(directory, "sshd") }));
  const bySsh = accessTo(
    `${ssh.url}${repository.directory}`,
    { kind: "ssh", privateKey: ssh.privateKey },
    { sshKnownHosts: ssh.knownHosts },
  );
  const byWeb = accessTo(`${web.url}/shop.git`, auth, { caCertificates: tls.certificate });
  for (const [i, access] of [byWeb, bySsh].entries()) {
    const done = await write(store, access, { change: async () => writing({ "a.yaml": `a: ${i + 2}\n` }) });
    expect(await repository.git("rev-parse", "main")).toBe(done?.commit);
    expect(await store.resolve(access, "main", now)).toMatchObject({ commit: done?.commit });
  }
  await hook(repository, "pre-receive", "echo p@ss-1234 >&2; exit 1");
  const failed = await failureOf(
    write(store, byWeb, { change: async () => writing({ "a.yaml": "a: 9\n" }) }),
  );
  expect(failed).toMatch(/^GIT_REJECTED/u);
  expect(failed).not.toContain("p@ss-1234");
});
