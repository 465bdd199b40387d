import { describe, expect, it } from "vitest";
import { followedBy } from "./revisions.ts";

const source = (targetRevision: string) => ({ repoURL: "https://git.example.com/a/b", targetRevision });

function followed(baseName: string, targets: readonly string[], named: readonly string[] = []): string {
  const follows = followedBy({ baseName }, { "target-revision": named });
  return targets.filter((target) => follows(source(target))).join(" ");
}

const targets = [
  "HEAD",
  "main",
  "refs/heads/main",
  "staging",
  "v1",
  "v1.2.3",
  "1.x",
  ">=1.0",
  "*",
  "0123abc",
  "refs/tags/main",
];

describe("what a change reaches when it is merged", () => {
  it("is what follows HEAD or the branch of the base, however that is named", () => {
    for (const base of ["main", "origin/main", "refs/remotes/origin/main", "refs/heads/main"])
      expect(followed(base, targets)).toBe("HEAD main refs/heads/main");
  });

  it("is every branch where the base is a commit, and no version or commit", () => {
    expect(followed("0123abcd", targets)).toBe("HEAD main refs/heads/main staging");
    expect(followed("HEAD~3", targets)).toBe("HEAD main refs/heads/main staging");
  });

  it("is what is named beside, and then no other", () => {
    expect(followed("0123abcd", targets, ["staging"])).toBe("HEAD staging");
  });
});
