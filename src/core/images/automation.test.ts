import { expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { parseAutomation } from "./automation.ts";

const git = { repoURL: "https://git.example.com/shop.git" };

function automation(spec: JsonObject, kind = "ImageAutomation") {
  return parseAutomation({ apiVersion: "mooring.dev/v1alpha1", kind, metadata: { name: "shop" }, spec });
}

it("reads what is said, and fills in what is not", () => {
  const images = [
    { image: "ghcr.io/acme/web" },
    {
      image: "api",
      numerical: "desc",
      filterTags: { pattern: "-(?P<n>.*)", extract: "$n" },
      digest: true,
      policy: "apps:api",
    },
  ];
  expect(automation({ git, images })).toEqual({
    name: "shop",
    namespace: "",
    project: "default",
    intervalMs: 300_000,
    isSuspended: false,
    registrySecret: undefined,
    target: {
      kind: "git",
      git: {
        repoUrl: "https://git.example.com/shop.git",
        branch: "main",
        pushBranch: undefined,
        paths: [],
        author: { name: "Mooring", email: "mooring@localhost" },
        message: undefined,
        signingKeySecret: undefined,
        proposal: undefined,
      },
    },
    images: [
      {
        name: "ghcr.io/acme/web",
        order: { by: "semver", range: "*" },
        pattern: undefined,
        extract: undefined,
        withDigest: false,
        policy: undefined,
        helm: { image: "image.name", tag: "image.tag" },
      },
      {
        name: "api",
        order: { by: "numerical", order: "desc" },
        pattern: "-(?P<n>.*)",
        extract: "$n",
        withDigest: true,
        policy: "apps:api",
        helm: { image: "image.name", tag: "image.tag" },
      },
    ],
  });
});

const web = { image: "web" };

it.each<[JsonObject, string]>([
  [{ images: [web] }, "ImageAutomation shop: spec.git: is missing or no map; write it"],
  [{ git, images: [web], interval: "5s" }, 'spec.interval: is "5s"; write one from 30s to 168h'],
  [{ git, images: [web], interval: "soon" }, 'spec.interval: is "soon"'],
  [{ git, applicationRef: { name: "web" }, images: [web] }, "spec.applicationRef: is there beside git"],
  [{ git: { ...git, message: "{{ .Image" }, images: [web] }, "spec.git.message: has a {{ that no }} ends"],
  [
    { git: { ...git, message: "{{ .Now }}" }, images: [web] },
    "{{ .Now }} is not known; use {{ .Automation }}",
  ],
  [{ git: { ...git, message: "a".repeat(16_385) }, images: [web] }, "shorten it to at most 16384"],
  [
    { git: { ...git, proposal: { forge: "svn", secretRef: { name: "t" } } }, images: [web] },
    'spec.git.proposal.forge: is "svn"; write github or gitlab or gitea',
  ],
  [
    { git: { ...git, proposal: { forge: "gitlab", secretRef: { name: "t" } } }, images: [web] },
    "spec.git.proposal.apiURL: is missing",
  ],
  [{ git, images: [web], registrySecretRef: {} }, "spec.registrySecretRef.name: is missing"],
  [{ git }, "ImageAutomation shop: spec.images: is empty; name at least one"],
  [{ git: {}, images: [web] }, "spec.git.repoURL: is missing; write it"],
  [{ git: { ...git, branch: 1 }, images: [web] }, "spec.git.branch: is 1; write a text"],
  [{ git: { ...git, path: "dev" }, images: [web] }, "spec.git.path: is not known; use repoURL, branch"],
  [{ git: { ...git, paths: "dev" }, images: [web] }, "spec.git.paths: is no list; write one"],
  [{ git: { ...git, paths: ["a", 1] }, images: [web] }, "spec.git.paths[1]: is 1; write a text"],
  [{ git, images: [web, { image: "Web:v1" }] }, 'spec.images[1].image: "Web:v1" is no name of an image'],
  [{ git, images: [{ image: "web:v1" }] }, "without tag and digest"],
  [{ git, images: ["web"] }, "spec.images[0]: is missing or no map"],
  [
    { git, images: [{ ...web, semver: "1.x", numerical: "asc" }] },
    "spec.images[0].numerical: is there beside semver",
  ],
  [
    { git, images: [{ ...web, alphabetical: "up" }] },
    'spec.images[0].alphabetical: is "up"; write asc or desc',
  ],
  [{ git, images: [{ ...web, digest: "yes" }] }, 'spec.images[0].digest: is "yes"; write true or false'],
  [
    { git, images: [{ ...web, filterTags: { regex: "a" } }] },
    "spec.images[0].filterTags.regex: is not known; use pattern, extract",
  ],
  [{ git, images: Array.from({ length: 1_001 }, () => web) }, "has 1001 entries; at most 1000 are allowed"],
])("says what is wrong with %j", (spec, problem) => {
  expect(() => automation(spec)).toThrow(problem);
});

it("is not taken for another kind", () => {
  expect(() => automation({ git, images: [web] }, "ImagePolicy")).toThrow(
    "ImagePolicy shop: is no ImageAutomation",
  );
});
