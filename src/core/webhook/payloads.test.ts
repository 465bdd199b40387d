import { describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject } from "#core/object/index.ts";
import type { WebhookEvent } from "./index.ts";
import {
  readAzureDevOps,
  readBitbucket,
  readBitbucketServer,
  readDockerHub,
  readGithub,
  readGitlab,
  readGogs,
  readHarbor,
} from "./index.ts";

interface Sample {
  readonly from: string;
  readonly read: (event: string, payload: JsonObject) => readonly WebhookEvent[];
  readonly event: string;
  readonly payload: JsonObject;
  readonly means: readonly WebhookEvent[];
}

const before = "1".repeat(40);
const after = "2".repeat(40);
const commits = [{ id: after, added: ["web/new.yaml"], modified: ["web/a.yaml"], removed: [] }];

const githubRepository = {
  name: "shop",
  full_name: "acme/shop",
  html_url: "https://github.com/acme/shop",
  clone_url: "https://github.com/acme/shop.git",
  ssh_url: "git@github.com:acme/shop.git",
  git_url: "git://github.com/acme/shop.git",
  default_branch: "main",
};

const package_ = {
  name: "charts/web",
  namespace: "acme",
  ecosystem: "CONTAINER",
  package_type: "CONTAINER",
  owner: { login: "acme" },
  package_version: {
    name: "sha256:abc",
    container_metadata: { tag: { name: "1.2.3", digest: "sha256:abc" } },
  },
};

const samples: readonly Sample[] = [
  {
    from: "GitHub",
    read: readGithub,
    event: "push",
    payload: {
      ref: "refs/heads/main",
      before,
      after,
      commits,
      repository: githubRepository,
      pusher: { name: "ada" },
    },
    means: [
      {
        kind: "push",
        urls: [
          "https://github.com/acme/shop",
          "https://github.com/acme/shop.git",
          "git@github.com:acme/shop.git",
          "git://github.com/acme/shop.git",
        ],
        refs: ["refs/heads/main"],
        defaultBranch: "main",
      },
    ],
  },
  {
    from: "GitHub's container registry",
    read: readGithub,
    event: "package",
    payload: { action: "published", package: package_, sender: { login: "ada" } },
    means: [{ kind: "artifact", repository: "ghcr.io/acme/charts/web", tag: "1.2.3" }],
  },
  {
    from: "GitHub's container registry, under its older name",
    read: readGithub,
    event: "registry_package",
    payload: { action: "updated", registry_package: { ...package_, package_version: null } },
    means: [{ kind: "artifact", repository: "ghcr.io/acme/charts/web", tag: undefined }],
  },
  {
    from: "Gitea",
    read: readGogs,
    event: "push",
    payload: {
      ref: "refs/tags/v1.0.0",
      before,
      after,
      commits,
      repository: {
        full_name: "acme/shop",
        html_url: "https://git.example.com/acme/shop",
        ssh_url: "git@git.example.com:acme/shop.git",
        clone_url: "https://git.example.com/acme/shop.git",
        default_branch: "main",
      },
    },
    means: [
      {
        kind: "push",
        urls: [
          "https://git.example.com/acme/shop",
          "https://git.example.com/acme/shop.git",
          "git@git.example.com:acme/shop.git",
        ],
        refs: ["refs/tags/v1.0.0"],
        defaultBranch: "main",
      },
    ],
  },
  {
    from: "GitLab",
    read: readGitlab,
    event: "Push Hook",
    payload: {
      object_kind: "push",
      event_name: "push",
      ref: "refs/heads/prod",
      checkout_sha: after,
      project: {
        path_with_namespace: "acme/shop",
        default_branch: "main",
        web_url: "https://gitlab.example.com/acme/shop",
        git_ssh_url: "git@gitlab.example.com:acme/shop.git",
        git_http_url: "https://gitlab.example.com/acme/shop.git",
      },
      commits,
    },
    means: [
      {
        kind: "push",
        urls: [
          "https://gitlab.example.com/acme/shop",
          "https://gitlab.example.com/acme/shop.git",
          "git@gitlab.example.com:acme/shop.git",
        ],
        refs: ["refs/heads/prod"],
        defaultBranch: "main",
      },
    ],
  },
  {
    from: "GitLab's system hook",
    read: readGitlab,
    event: "System Hook",
    payload: {
      event_name: "repository_update",
      project: { git_http_url: "https://gitlab.example.com/acme/shop.git", default_branch: "main" },
      changes: [
        { before, after, ref: "refs/heads/main" },
        { before, after, ref: "refs/tags/v2" },
      ],
      refs: ["refs/heads/main"],
    },
    means: [
      {
        kind: "push",
        urls: ["https://gitlab.example.com/acme/shop.git"],
        refs: ["refs/heads/main", "refs/tags/v2"],
        defaultBranch: "main",
      },
    ],
  },
  {
    from: "Bitbucket Cloud",
    read: readBitbucket,
    event: "repo:push",
    payload: {
      push: {
        changes: [
          {
            new: { type: "branch", name: "main", target: { hash: after } },
            old: { type: "branch", name: "main" },
          },
          { new: { type: "tag", name: "v1.0.0" }, old: null },
          { new: null, old: { type: "named_branch", name: "gone" }, closed: true },
        ],
      },
      repository: { full_name: "acme/shop", links: { html: { href: "https://bitbucket.org/acme/shop" } } },
    },
    means: [
      {
        kind: "push",
        urls: ["https://bitbucket.org/acme/shop"],
        refs: ["refs/heads/main", "refs/heads/main", "refs/tags/v1.0.0", "refs/heads/gone"],
        defaultBranch: undefined,
      },
    ],
  },
  {
    from: "Bitbucket Server",
    read: readBitbucketServer,
    event: "repo:refs_changed",
    payload: {
      eventKey: "repo:refs_changed",
      repository: {
        slug: "shop",
        project: { key: "ACME" },
        links: {
          clone: [
            { href: "ssh://git@bitbucket.example.com:7999/acme/shop.git", name: "ssh" },
            { href: "https://bitbucket.example.com/scm/acme/shop.git", name: "http" },
          ],
        },
      },
      changes: [
        {
          ref: { id: "refs/heads/main", displayId: "main", type: "BRANCH" },
          refId: "refs/heads/main",
          type: "UPDATE",
        },
        { refId: "refs/tags/v1", type: "ADD" },
      ],
    },
    means: [
      {
        kind: "push",
        urls: [
          "ssh://git@bitbucket.example.com:7999/acme/shop.git",
          "https://bitbucket.example.com/scm/acme/shop.git",
        ],
        refs: ["refs/heads/main", "refs/tags/v1"],
        defaultBranch: undefined,
      },
    ],
  },
  {
    from: "Azure DevOps",
    read: readAzureDevOps,
    event: "",
    payload: {
      eventType: "git.push",
      publisherId: "tfs",
      resource: {
        refUpdates: [{ name: "refs/heads/main", oldObjectId: before, newObjectId: after }],
        repository: {
          name: "shop",
          defaultBranch: "refs/heads/main",
          remoteUrl: "https://dev.azure.com/acme/web/_git/shop",
        },
        pushId: 14,
      },
    },
    means: [
      {
        kind: "push",
        urls: ["https://dev.azure.com/acme/web/_git/shop"],
        refs: ["refs/heads/main"],
        defaultBranch: "main",
      },
    ],
  },
  {
    from: "Harbor",
    read: readHarbor,
    event: "",
    payload: {
      type: "PUSH_ARTIFACT",
      occur_at: 1_700_000_000,
      operator: "ada",
      event_data: {
        resources: [
          { digest: "sha256:abc", tag: "1.0.0", resource_url: "harbor.example.com:8443/charts/web:1.0.0" },
          {
            digest: "sha256:def",
            tag: "sha256:def",
            resource_url: "harbor.example.com:8443/charts/web@sha256:def",
          },
        ],
        repository: { name: "web", namespace: "charts", repo_full_name: "charts/web", repo_type: "private" },
      },
    },
    means: [
      { kind: "artifact", repository: "harbor.example.com:8443/charts/web", tag: "1.0.0" },
      { kind: "artifact", repository: "harbor.example.com:8443/charts/web", tag: undefined },
    ],
  },
  {
    from: "Harbor, as a CloudEvent",
    read: readHarbor,
    event: "",
    payload: {
      specversion: "1.0",
      type: "harbor.artifact.pushed",
      data: {
        resources: [
          { digest: "sha256:abc", tag: "2.0.0", resource_url: "harbor.example.com/charts/web:2.0.0" },
        ],
      },
    },
    means: [{ kind: "artifact", repository: "harbor.example.com/charts/web", tag: "2.0.0" }],
  },
  {
    from: "Docker Hub",
    read: readDockerHub,
    event: "",
    payload: {
      callback_url: "https://registry.hub.docker.com/u/acme/web/hook/1/",
      push_data: { pushed_at: 1_700_000_000, pusher: "ada", tag: "3.0.0" },
      repository: { repo_name: "acme/web", name: "web", namespace: "acme", status: "Active" },
    },
    means: [{ kind: "artifact", repository: "docker.io/acme/web", tag: "3.0.0" }],
  },
];

const wrongValues: readonly JsonValue[] = [null, 7, true, "", "x", [], {}, [null], "y".repeat(5_000)];

/** The value with something else in the place of each of its parts, one after the other. */
function* spoiled(value: JsonValue): Generator<JsonValue> {
  yield* wrongValues;
  if (isJsonArray(value)) {
    for (const [at, item] of value.entries()) for (const other of spoiled(item)) yield value.with(at, other);
  } else if (isJsonObject(value)) {
    for (const [name, inner] of Object.entries(value)) {
      for (const other of spoiled(inner ?? null)) yield { ...value, [name]: other };
      const { [name]: _left, ...rest } = value;
      yield rest;
    }
  }
}

describe.each(samples)("a payload of $from", ({ read, event, payload, means }) => {
  it("says which repository and what of it was pushed", () => {
    expect(read(event, payload)).toEqual(means);
  });

  it("is refused or passed over when any part of it is something else, and never crashes", () => {
    let refused = 0;
    for (const other of spoiled(payload)) {
      if (!isJsonObject(other)) continue;
      try {
        read(event, other);
      } catch (error) {
        expect(error).toMatchObject({ code: "API_INVALID_ARGUMENT" });
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(20);
  });
});

describe("an event", () => {
  it("that pushes nothing is passed over, whatever is in it", () => {
    expect(readGithub("ping", { zen: null })).toEqual([]);
    expect(readGithub("pull_request", {})).toEqual([]);
    expect(readGithub("package", { package: { ...package_, package_type: "npm" } })).toEqual([]);
    expect(readGogs("issues", {})).toEqual([]);
    expect(readGitlab("Note Hook", {})).toEqual([]);
    expect(readGitlab("System Hook", { event_name: "user_create" })).toEqual([]);
    expect(readBitbucket("repo:fork", {})).toEqual([]);
    expect(readBitbucketServer("diagnostics:ping", { test: true })).toEqual([]);
    expect(readAzureDevOps("", { eventType: "git.pullrequest.created" })).toEqual([]);
    expect(readHarbor("", { type: "SCANNING_COMPLETED" })).toEqual([]);
  });

  it("is refused with the name of the field that is wrong", () => {
    const refusal = (repository: JsonValue) => () =>
      readGithub("push", { ref: "refs/heads/main", repository });
    expect(refusal(null)).toThrow(
      "webhook payload: repository.html_url or repository.clone_url or repository.ssh_url or repository.git_url must be a text and is missing",
    );
    expect(refusal({ clone_url: 5 })).toThrow("repository.clone_url must be a text and is number");
    expect(() => readBitbucket("repo:push", { push: { changes: [null] } })).toThrow(
      "push.changes[0] must be an object and is null",
    );
  });

  it("is refused when it names more than there can be, since each would be looked for", () => {
    const links = { clone: Array.from({ length: 21 }, () => ({ href: "https://git.example.com/a/b" })) };
    expect(() => readBitbucketServer("repo:refs_changed", { repository: { links } })).toThrow(
      "repository.links.clone must be a list of at most 20",
    );
    const resources = Array.from({ length: 101 }, () => ({ resource_url: "a.example.com/b:1" }));
    expect(() => readHarbor("", { type: "PUSH_ARTIFACT", event_data: { resources } })).toThrow(
      "event_data.resources must be a list of at most 100",
    );
  });
});
