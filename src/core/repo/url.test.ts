import { describe, expect, it } from "vitest";
import { parseRepositoryUrl, repositoryIdentity, repositoryMatchKey, scrubUrls } from "./url.ts";

describe("repository URLs", () => {
  it("are compared as Argo CD compares them", () => {
    const same = [
      ["https://github.com/Acme/Shop.git", "https://GitHub.com/acme/shop"],
      ["https://github.com/acme/shop/", "https://github.com/acme/shop.git"],
      ["git@github.com:acme/shop.git", "ssh://git@github.com/acme/shop"],
      ["https://ada:pw@git.acme.com/shop", "https://git.acme.com/shop"],
      [" https://github.com/acme/shop ", "https://github.com/acme/shop"],
    ];
    for (const [left = "", right = ""] of same) {
      expect([left, repositoryMatchKey(left)]).toEqual([left, repositoryMatchKey(right)]);
    }
    expect(repositoryMatchKey("https://github.com/acme/shop")).not.toBe(
      repositoryMatchKey("git@github.com:acme/shop"),
    );
  });

  it("share a mirror only where they cannot be two repositories", () => {
    const identity = (url: string) => repositoryIdentity(parseRepositoryUrl(url));
    expect(identity("https://GitHub.com/acme/shop.git/")).toBe(identity("https://github.com/acme/shop"));
    expect(identity("git@github.com:acme/shop.git")).toBe(identity("ssh://git@github.com/acme/shop"));
    expect(identity("https://github.com/acme/Shop")).not.toBe(identity("https://github.com/acme/shop"));
    expect(identity("file:///srv/shop.git")).not.toBe(identity("file:///srv/shop"));
    expect(identity("ssh://a@host/shop")).not.toBe(identity("ssh://b@host/shop"));
    expect(identity("https://host:8443/shop")).not.toBe(identity("https://host/shop"));
  });

  it("lose their credentials", () => {
    const shown = (url: string) => parseRepositoryUrl(url).withoutCredentials;
    expect(shown("https://ada:p%40ss@git.acme.com/shop.git")).toBe("https://git.acme.com/shop.git");
    expect(shown("https://token@git.acme.com/shop.git")).toBe("https://git.acme.com/shop.git");
    expect(shown("ssh://git:pw@git.acme.com:2222/shop.git")).toBe("ssh://git@git.acme.com:2222/shop.git");
    expect(parseRepositoryUrl("https://ada:p%40ss@git.acme.com/shop.git")).toMatchObject({
      username: "ada",
      password: "p@ss",
    });
    expect(scrubUrls("fatal: https://a:b@c@host/x and https://token@host/y, ssh://git@host/z")).toBe(
      "fatal: https://host/x and https://host/y, ssh://git@host/z",
    );
  });
});
