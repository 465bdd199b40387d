import { join } from "node:path";
import { expect, it } from "vitest";
import type { GitHistory } from "#ports/git-history.ts";
import type { TestRepository } from "../git-servers/index.ts";
import { createRepository } from "../git-servers/index.ts";
import { accessTo, createDirectory, failureOf, signal, startStore } from "./fixture.ts";

async function start(): Promise<{ repository: TestRepository; store: GitHistory }> {
  const directory = await createDirectory();
  return {
    repository: await createRepository(join(directory, "shop.git")),
    store: await startStore(directory),
  };
}

const asked = { isThorough: false, signal };

it("tells which revisions contain a commit, what it says and which files it changes", async () => {
  const { repository, store } = await start();
  const access = accessTo(repository.url);
  const first = await repository.change({ "a/x.yaml": "x: 1\n", "b/y.yaml": "y: 1\n" }, { message: "First" });
  const second = await repository.change({ "a/x.yaml": "x: 2\n" }, { message: "Second\n\nMore." });
  const third = await repository.change({ "b/y.yaml": "y: 2\n" }, { message: "Third" });
  const lost = "0".repeat(40);
  const question = { ...asked, revisions: [third, second, first, lost] };
  const found = await store.traceCommit(access, { ...question, commit: second.slice(0, 8) });
  expect(found).toMatchObject({
    commit: second,
    message: "Second\n\nMore.",
    within: [third, second],
    lost: [lost],
    changed: ["a/x.yaml"],
  });
  expect(await store.traceCommit(access, { ...question, commit: "main" })).toMatchObject({
    commit: third,
    within: [third],
    changed: ["b/y.yaml"],
  });
  expect(await store.traceCommit(access, { ...question, commit: first })).toMatchObject({
    within: [third, second, first],
    changed: ["a/x.yaml", "b/y.yaml"],
  });
});

it("finds a whole id that no revision leads to only when the repository is asked for it", async () => {
  const { repository, store } = await start();
  const access = accessTo(repository.url);
  const main = await repository.change({ "a.yaml": "a: 1\n" }, { message: "First" });
  await repository.branch("topic", main);
  const topic = await repository.change({ "a.yaml": "a: 2\n" }, { message: "Topic", branch: "topic" });
  const question = { ...asked, commit: topic, revisions: [main] };
  expect(await store.traceCommit(access, question)).toBeUndefined();
  expect(await store.traceCommit(access, { ...question, isThorough: true })).toMatchObject({
    commit: topic,
    within: [],
  });
  const nowhere = { ...question, commit: "1".repeat(40), isThorough: true };
  expect(await store.traceCommit(access, nowhere)).toBeUndefined();
});

it("refuses what can be no revision, and says so", async () => {
  const { repository, store } = await start();
  await repository.change({ "a.yaml": "a: 1\n" }, { message: "First" });
  const question = { ...asked, commit: "--all", revisions: [] };
  expect(await failureOf(store.traceCommit(accessTo(repository.url), question))).toContain("GIT_INVALID");
});
