import { describe, expect, it } from "vitest";
import { canonicalRepository } from "./canonical-repository.ts";

describe("canonicalRepository", () => {
  it.each([
    "https://git.example.com/Shop/deploy.git",
    "https://robot:token@GIT.example.com/shop/deploy/",
    "git@git.example.com:shop/deploy.git",
    "ssh://git@git.example.com:2222/shop/deploy",
  ])("says the same of %s as of the others that lead to it", (url) => {
    expect(canonicalRepository(url)).toBe("git.example.com/shop/deploy");
  });

  it("tells directories of this machine and what is no URL apart", () => {
    const others = ["file:///srv/Deploy", "file:///srv/deploy", "nonsense", "/".repeat(1_000_000)];
    expect(new Set(others.map(canonicalRepository)).size).toBe(4);
  });
});
