import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { createCertificateAuthority } from "#embedded/tls/certificates.ts";
import { connectForge } from "#forge/index.ts";
import type { Forge, ForgeKind, ForgeSettings, MergeMethod } from "#ports/forge.ts";
import { systemClock } from "#runtime/clock.ts";
import type { TestRepository } from "#test/git-servers/index.ts";
import { createRepository, startGitHttpServer } from "#test/git-servers/index.ts";
import type { ForgeServer } from "./server/index.ts";
import { startForgeServer } from "./server/index.ts";

const token = "token-2342";
const repository = "shop/deploy";
const branches = { repository, from: "bump", into: "main" };
const request = { repository, number: 1 };

async function temporary(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "mooring-forge-"));
  onTestFinished(async () => await rm(directory, { recursive: true, force: true }));
  return directory;
}

function connect(kind: ForgeKind, apiUrl: string, more: Partial<ForgeSettings> = {}): Forge {
  const settings = { kind, apiUrl, token, tokenName: "Secret forge-token", ...more };
  return connectForge(settings, { clock: systemClock, signal: new AbortController().signal });
}

describe.each(["github", "gitlab", "gitea"] as const)("%s", (kind) => {
  let root: string;
  let git: TestRepository;
  let server: ForgeServer;
  let forge: Forge;
  /** What is proposed. */
  let head: string;

  beforeEach(async () => {
    root = await temporary();
    git = await createRepository(join(root, "deploy.git"));
    await git.branch("bump", await git.commit({ "a.yaml": "a: 1\n", "b.yaml": "b: 1\n" }));
    head = await git.change({ "a.yaml": "a: 2\n" }, { branch: "bump" });
    server = await startForgeServer({ kind, token, repository: git });
    forge = connect(kind, server.url);
  });

  const propose = async (more: { readonly title?: string; readonly labels?: readonly string[] } = {}) =>
    await forge.propose({ ...branches, title: "Set a", body: "", ...more });

  it("proposes once, changes what is there, and finds it among others", async () => {
    for (let i = 0; i < 120; i += 1) {
      const other = {
        ...branches,
        from: `other-${i}`,
        title: "",
        body: "",
        labels: [],
        mergeCommit: undefined,
      };
      server.model.proposals.push({ ...other, number: i + 1, state: "open", head });
    }
    expect(await forge.findProposal(branches)).toBeUndefined();
    const proposed = { number: 121, url: "https://forge/121", head };
    expect(await propose()).toEqual({ ...proposed, done: "created" });
    expect(await propose()).toEqual({ ...proposed, done: "unchanged" });
    expect(await propose({ labels: ["deploy"] })).toMatchObject({ done: "updated" });
    expect(await propose({ labels: ["deploy"] })).toMatchObject({ done: "unchanged" });
    expect(await propose({ title: "Set b" })).toMatchObject({ done: "updated" });
    expect(server.model.proposals.slice(120)).toMatchObject([{ title: "Set b", labels: ["deploy"] }]);
    expect(await forge.findProposal(branches)).toMatchObject({ number: 121, head, state: "open" });
  });

  it("tells what stands in the way of a merge, and when nothing does", async () => {
    await propose();
    server.model.requiredChecks.push("ci");
    const blocked = await forge.readProposal(request);
    const reasons = { github: "blocked", gitlab: "ci_must_pass", gitea: undefined };
    if (kind !== "gitea") expect(blocked.mergeable).toBe(false);
    expect(blocked.notMergeableBecause).toBe(reasons[kind]);
    await forge.setCommitStatus(
      { repository, commit: head },
      { context: "ci", state: "success", description: "", targetUrl: undefined },
    );
    expect(await forge.readProposal(request)).toEqual({
      number: 1,
      url: "https://forge/1",
      state: "open",
      from: "bump",
      into: "main",
      head,
      mergeCommit: undefined,
      mergeable: true,
      notMergeableBecause: undefined,
      mergedBy: undefined,
      approvals: [],
    });
    await git.change({ "a.yaml": "a: 3\n" });
    expect((await forge.readProposal(request)).mergeable).toBe(false);
  });

  it("counts the last word of each person, and no approval that was dismissed or taken back", async () => {
    await propose();
    const commit = kind === "gitlab" ? undefined : head;
    const say = (by: string, said: "approved" | "changes" | "comment" | "dismissed") =>
      void server.model.reviews.push({ on: 1, by, said, commit: head });
    for (let i = 0; i < 120; i += 1) say("talker", "comment");
    say("ada", "approved");
    say("ada", "comment");
    say("bob", "approved");
    say("bob", "changes");
    say("cyd", "dismissed");
    say("dan", "changes");
    say("dan", "approved");
    expect((await forge.readProposal(request)).approvals).toEqual([
      { by: "ada", commit },
      { by: "dan", commit },
    ]);
  });

  const methods: readonly MergeMethod[] =
    kind === "gitlab" ? ["merge", "squash", "fast-forward"] : ["merge", "squash", "rebase", "fast-forward"];
  it.each(methods)("merges by %s once, and knows what it merged when it is asked again", async (method) => {
    await propose();
    if (method === "fast-forward") server.model.mergeMethod = "ff";
    const base = await git.git("rev-parse", "main");
    const merged = await forge.mergeProposal(request, { expectedHead: head, method });
    const tip = await git.git("rev-parse", "main");
    expect(merged).toEqual({ commit: tip, done: "merged" });
    expect(await git.git("show", "main:a.yaml")).toBe("a: 2");
    const parents = (await git.git("log", "-1", "--format=%P", "main")).split(" ");
    expect(parents).toEqual(method === "merge" ? [base, head] : [base]);
    if (method === "fast-forward") expect(tip).toBe(head);
    const again = { commit: tip, done: "unchanged" };
    expect(await forge.mergeProposal(request, { expectedHead: head, method })).toEqual(again);
    expect(await forge.readProposal(request)).toMatchObject({ state: "merged", mergeCommit: tip });
  });

  it("merges once when the answer is lost", async () => {
    await propose();
    const method = kind === "gitea" ? "POST" : "PUT";
    server.faults.push({ method, fault: { status: 502, afterwards: true, headers: { "retry-after": "0" } } });
    const merged = await forge.mergeProposal(request, { expectedHead: head, method: "merge" });
    expect(merged.commit).toBe(await git.git("rev-parse", "main"));
    expect(await git.git("rev-list", "--count", "--merges", "main")).toBe("1");
  });

  it("does not merge a branch that moved after it was looked at", async () => {
    await propose();
    const moved = await git.change({ "b.yaml": "b: 2\n" }, { branch: "bump" });
    const base = await git.git("rev-parse", "main");
    await expect(forge.mergeProposal(request, { expectedHead: head, method: "merge" })).rejects.toMatchObject(
      { code: "FORGE_HEAD_MOVED", message: expect.stringContaining(moved) as string },
    );
    expect(await git.git("rev-parse", "main")).toBe(base);
  });

  it("says in the forge's words what forbids a merge, asks once, and leaves the branch", async () => {
    await propose();
    server.model.requiredChecks.push("ci");
    const base = await git.git("rev-parse", "main");
    const wanted = { expectedHead: head, method: "merge" } as const;
    await expect(forge.mergeProposal(request, wanted)).rejects.toMatchObject({
      code: "FORGE_MERGE_REFUSED",
      retry: "never",
      message: expect.stringContaining("Required status check is expected") as string,
    });
    server.model.requiredChecks.splice(0);
    await git.change({ "a.yaml": "a: 3\n" });
    await expect(forge.mergeProposal(request, wanted)).rejects.toThrow("conflict");
    expect(server.requests.filter((one) => /^P\w+ .*\/merge$/u.test(one))).toHaveLength(2);
    expect(await git.git("rev-parse", "main^")).toBe(base);
  });

  it("closes with one comment, and what is closed is neither closed again nor merged", async () => {
    await propose();
    server.faults.push({
      method: kind === "gitlab" ? "PUT" : "PATCH",
      fault: { status: 500, headers: { "retry-after": "0" } },
    });
    expect(await forge.closeProposal(request, "a newer one is there")).toBe("closed");
    expect(await forge.closeProposal(request, "a newer one is there")).toBe("unchanged");
    expect(server.model.comments.map(({ on, body }) => [on, body])).toEqual([
      [1, "<!-- mooring-close -->\na newer one is there"],
    ]);
    await expect(forge.mergeProposal(request, { expectedHead: head, method: "merge" })).rejects.toMatchObject(
      { code: "FORGE_MERGE_REFUSED" },
    );
  });

  it("sets a status once, cuts what is too long, and reads the latest of each context", async () => {
    const commit = { repository, commit: head };
    const status = { context: "mooring/dev", description: "x".repeat(200), targetUrl: "https://m/1" };
    expect(await forge.setCommitStatus(commit, { ...status, state: "pending" })).toBe("set");
    expect(await forge.setCommitStatus(commit, { ...status, state: "pending" })).toBe("unchanged");
    for (let i = 0; i < 120; i += 1) {
      const one = { commit: head, context: `ci-${i}`, state: "success", description: "", target_url: null };
      server.model.statuses.push(one);
    }
    expect(await forge.setCommitStatus(commit, { ...status, state: "success" })).toBe("set");
    const read = await forge.readCommitStatuses(commit);
    expect(read).toHaveLength(121);
    expect(read.filter(({ context }) => context === "mooring/dev")).toEqual([
      { ...status, state: "success", description: `${"x".repeat(139)}…` },
    ]);
    await expect(forge.readCommitStatuses({ repository, commit: "../main" })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
    });
  });

  it("knows a branch that takes no pushes, of which git is refused one", async () => {
    const read = async (branch: string) => await forge.readPushRight({ repository, branch });
    await server.model.protect("main");
    await git.git("config", "http.receivepack", "true");
    await using served = await startGitHttpServer({ root });
    const push = async (branch: string) =>
      await promisify(execFile)("git", [
        "--git-dir",
        git.directory,
        "push",
        `${served.url}/deploy.git`,
        `bump:${branch}`,
      ]);
    expect(await read("main")).toBe("refused");
    await expect(push("refs/heads/main")).rejects.toThrow("takes pull requests only");
    expect(await read("bump")).toBe("allowed");
    await push("refs/heads/other");
    server.faults.push({ method: "GET", fault: { status: 403 } });
    expect(await read("bump")).toBe("unknown");
  });

  it("says which token to renew, when to ask again, and what it may not see", async () => {
    const expired = connect(kind, server.url, { token: "old-token" });
    const refused: unknown = await expired.readProposal(request).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: "FORGE_AUTH",
      message: expect.stringContaining("renew Secret forge-token") as string,
    });
    expect(String(refused)).not.toContain("old-token");
    await expect(forge.readProposal({ repository, number: 9 })).rejects.toMatchObject({
      code: "FORGE_NOT_FOUND",
    });
    const reset = String(Math.ceil(Date.now() / 1_000) + 3_600);
    server.faults.push(
      { method: "GET", fault: { status: 429, headers: { "retry-after": "600" } } },
      {
        method: "GET",
        fault: { status: 403, headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset } },
      },
    );
    await expect(forge.readProposal(request)).rejects.toMatchObject({
      code: "FORGE_THROTTLED",
      retryAfterMs: 600_000,
    });
    const later: unknown = await forge.readProposal(request).catch((error: unknown) => error);
    expect(later).toMatchObject({ code: "FORGE_THROTTLED", retry: "backoff" });
    expect(later).toHaveProperty(
      "retryAfterMs",
      expect.toSatisfy((ms: number) => ms > 3_000_000),
    );
  });

  it("follows no redirect, and tells a server that is down from one that refuses", async () => {
    const elsewhere = await startForgeServer({ kind, token, repository: git });
    server.faults.push({ method: "GET", fault: { status: 302, headers: { location: elsewhere.url } } });
    await expect(forge.readProposal(request)).rejects.toMatchObject({ code: "FORGE_REFUSED" });
    expect(elsewhere.requests).toEqual([]);
    server.faults.push({ method: "GET", fault: { status: 503, headers: { "retry-after": "600" } } });
    await expect(forge.readProposal(request)).rejects.toMatchObject({ code: "FORGE_UNREACHABLE" });
  });

  it("trusts an authority that it is given, and no other", async () => {
    const tls = createCertificateAuthority("forge test");
    const secure = await startForgeServer({ kind, token, repository: git, tls });
    const trusting = connect(kind, secure.url, { ca: tls.certificate });
    expect(await trusting.findProposal(branches)).toBeUndefined();
    const other = createCertificateAuthority("another");
    await expect(
      connect(kind, secure.url, { ca: other.certificate }).findProposal(branches),
    ).rejects.toMatchObject({ code: "FORGE_UNTRUSTED" });
    expect(secure.requests).toHaveLength(1);
  });
});

it("is told to merge as GitLab's project is not set to", async () => {
  const git = await createRepository(join(await temporary(), "deploy.git"));
  await git.branch("bump", await git.commit({ "a.yaml": "a: 1\n" }));
  const head = await git.change({ "a.yaml": "a: 2\n" }, { branch: "bump" });
  const server = await startForgeServer({ kind: "gitlab", token, repository: git });
  const forge = connect("gitlab", server.url);
  await forge.propose({ ...branches, title: "Set a", body: "" });
  await expect(
    forge.mergeProposal(request, { expectedHead: head, method: "fast-forward" }),
  ).rejects.toMatchObject({
    code: "FORGE_MERGE_REFUSED",
    message: expect.stringContaining('set it to "Fast-forward merge"') as string,
  });
});

it("counts check runs of GitHub beside statuses", async () => {
  const git = await createRepository(join(await temporary(), "deploy.git"));
  const commit = await git.commit({ "a.yaml": "a: 1\n" });
  const server = await startForgeServer({ kind: "github", token, repository: git });
  const runs = ["success", "timed_out", "cancelled", null].map((conclusion) => ({
    commit,
    name: String(conclusion),
    conclusion,
  }));
  server.model.checkRuns.push(...runs);
  const read = await connect("github", server.url).readCommitStatuses({ repository, commit });
  expect(read.map(({ context, state }) => `${context}: ${state}`)).toEqual([
    "success: success",
    "timed_out: failure",
    "cancelled: error",
    "null: pending",
  ]);
});
