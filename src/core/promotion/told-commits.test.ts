import { expect, it } from "vitest";
import { toldCommits } from "./told-commits.ts";

const commits = (count: number, authors: number) =>
  Array.from({ length: count }, (_, i) => ({
    commit: `${i}`.padStart(40, "0"),
    author: { name: `author ${i % authors}`, email: `${i % authors}@example.com` },
    subject: "work",
    committedAt: "2026-12-01T00:00:00Z",
  }));

it("who wrote only what is too old to be shown is told as an author all the same", () => {
  const old = commits(1, 1).map((one) => ({ ...one, author: { name: "Eve", email: "eve@example.com" } }));
  const told = toldCommits({ commits: [...commits(60, 2), ...old], isComplete: true });
  expect(told.commits).toHaveLength(50);
  expect(told.authors).toEqual([
    { name: "author 0", email: "0@example.com" },
    { name: "author 1", email: "1@example.com" },
    { name: "Eve", email: "eve@example.com" },
  ]);
  expect(told.authorsCut).toBe(false);
});

it.each([
  { count: 200, people: 200, isComplete: true, authorsCut: false },
  { count: 201, people: 201, isComplete: true, authorsCut: true },
  { count: 3, people: 1, isComplete: false, authorsCut: true },
  { count: 0, people: 1, isComplete: true, authorsCut: false },
])("that authors are missing is said: %j", ({ count, people, isComplete, authorsCut }) => {
  const told = toldCommits({ commits: commits(count, people), isComplete });
  expect(told.authors?.length).toBe(Math.min(count, people, 200));
  expect(told.authorsCut).toBe(authorsCut);
});
