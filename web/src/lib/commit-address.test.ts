import { expect, it } from "vitest";
import { commitAddress } from "./commit-address.ts";

const commit = "a".repeat(40);

it("a commit is shown by the forge that has its repository", () => {
  expect(commitAddress("https://github.com/org/shop.git", commit)).toBe(
    `https://github.com/org/shop/commit/${commit}`,
  );
  expect(commitAddress("https://git.example.com/org/shop", commit, "gitlab")).toBe(
    `https://git.example.com/org/shop/-/commit/${commit}`,
  );
});

it("credentials in a repository's address are in no link", () => {
  expect(commitAddress("https://me:secret@github.com/org/shop.git", commit)).toBe(
    `https://github.com/org/shop/commit/${commit}`,
  );
});

it("what leads to no known forge, or is no commit, is no link", () => {
  expect(commitAddress("https://git.example.com/org/shop.git", commit)).toBeUndefined();
  expect(commitAddress("javascript:alert(1)", commit, "github")).toBeUndefined();
  expect(commitAddress("git@github.com:org/shop.git", commit)).toBeUndefined();
  expect(commitAddress("https://github.com/org/shop.git", "../../evil")).toBeUndefined();
});
