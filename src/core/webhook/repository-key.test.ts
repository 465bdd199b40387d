import { expect, it } from "vitest";
import { artifactKey, repositoryKey } from "./repository-key.ts";

it.each([
  [
    "github.com/acme/shop",
    [
      "https://github.com/acme/shop",
      "https://github.com/acme/shop.git",
      "https://ada:token@github.com/Acme/Shop.git/",
      "https://github.com:443/acme/shop",
      "http://GitHub.com/acme/shop",
      "git@github.com:acme/shop.git",
      "git@github.com:/acme/shop",
      "ssh://git@github.com/acme/shop.git",
      "ssh://git@github.com:22/acme/shop",
      "ssh://git@ssh.github.com:443/acme/shop.git",
    ],
  ],
  [
    "dev.azure.com/acme/web/shop",
    [
      "https://dev.azure.com/acme/web/_git/shop",
      "https://acme@dev.azure.com/acme/web/_git/shop",
      "git@ssh.dev.azure.com:v3/acme/web/shop",
      "https://acme.visualstudio.com/web/_git/shop",
      "https://acme.visualstudio.com/DefaultCollection/web/_git/shop",
      "acme@vs-ssh.visualstudio.com:v3/acme/web/shop",
    ],
  ],
  [
    "dev.azure.com/acme/web/web",
    ["https://dev.azure.com/acme/_git/web", "git@ssh.dev.azure.com:v3/acme/web/web"],
  ],
])("knows %s by each of its addresses", (key, addresses) => {
  expect(addresses.map(repositoryKey)).toEqual(addresses.map(() => key));
});

it("tells repositories apart, and finds none in what is no address", () => {
  const keys = [
    "https://github.com/acme/shop",
    "https://github.com/acme/shop2",
    "https://gitlab.com/acme/shop",
  ];
  expect(new Set(keys.map(repositoryKey)).size).toBe(3);
  expect(["", "shop", "ftp://x/y", "https://", "-x:y", "a b"].map(repositoryKey)).toEqual(
    Array.from({ length: 6 }, () => undefined),
  );
});

it("takes what looks like a pattern for what it is", () => {
  expect(repositoryKey("https://github.com/acme/.*")).toBe("github.com/acme/.*");
  expect(repositoryKey("https://github.com/acme/(a+)+$")).toBe("github.com/acme/(a+)+$");
});

it("knows a repository of a registry with and without scheme, and Docker Hub by each of its names", () => {
  const own = [
    "oci://Harbor.example.com:443/Charts/Web",
    "harbor.example.com/charts/web/",
    "https://u@harbor.example.com/charts/web",
  ];
  expect(own.map(artifactKey)).toEqual(own.map(() => "harbor.example.com/charts/web"));
  expect(artifactKey("oci://registry-1.docker.io/acme/web")).toBe("docker.io/acme/web");
  expect(artifactKey("localhost:5000/web")).toBe("localhost:5000/web");
});
