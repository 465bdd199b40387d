import { expect, it } from "vitest";
import { usersOf, usersOfTemplate } from "./uses.ts";

const app = (name: string, project: string, ...urls: readonly string[]) => {
  const [first, ...more] = urls;
  const source = first === undefined ? {} : { source: { repoURL: first } };
  return {
    metadata: { name, namespace: "argocd" },
    spec: { project, ...source, sources: more.map((repoURL) => ({ repoURL })) },
  };
};
const apps = [
  app("web", "shop", "https://git.example/shop.git"),
  app("api", "bank", "https://git.example/bank", "git@git.example:Shop"),
  app("ssh", "shop", "ssh://git@git.example/shop/"),
  app("none", "shop"),
];

it("finds who reads a repository, however its address is written", () => {
  expect(usersOf("https://git.example/Shop", "", apps)).toEqual(["argocd/web"]);
  expect(usersOf("git@git.example:shop.git", "", apps)).toEqual(["argocd/api", "argocd/ssh"]);
});

it("counts for a project's own repository what is in that project", () => {
  expect(usersOf("git@git.example:shop", "bank", apps)).toEqual(["argocd/api"]);
});

it("finds whose repositories begin with a template's address", () => {
  expect(usersOfTemplate("https://git.example", apps)).toEqual(["argocd/web", "argocd/api"]);
});
