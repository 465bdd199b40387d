import type { JsonObject } from "#core/object/index.ts";
import type { WebhookEvent } from "./event.ts";
import { branchOf } from "./event.ts";
import { optionalObject, optionalText, requiredObject, requiredText, someTexts } from "./fields.ts";

const addresses = ["html_url", "clone_url", "ssh_url", "git_url"].map((name) => `repository.${name}`);

/** A push as GitHub, Gitea, Forgejo and Gogs send it. Throws API_INVALID_ARGUMENT. */
export function readPush(payload: JsonObject): readonly WebhookEvent[] {
  const branch = optionalText(payload, "repository.default_branch");
  return [
    {
      kind: "push",
      urls: someTexts(payload, addresses),
      refs: [requiredText(payload, "ref")],
      defaultBranch: branch === undefined ? undefined : branchOf(branch),
    },
  ];
}

/** What GitHub sends, its container registry included; what refreshes nothing is no event. Throws API_INVALID_ARGUMENT. */
export function readGithub(event: string, payload: JsonObject): readonly WebhookEvent[] {
  switch (event) {
    case "push":
      return readPush(payload);
    case "package":
      return readPackage(requiredObject(payload, "package"));
    case "registry_package":
      return readPackage(requiredObject(payload, "registry_package"));
    default:
      return [];
  }
}

function readPackage(pushed: JsonObject): readonly WebhookEvent[] {
  const type = requiredText(pushed, "package_type").toLowerCase();
  if (type !== "container" && type !== "docker") return [];
  const owner = optionalText(pushed, "namespace") ?? requiredText(pushed, "owner.login");
  const version = optionalObject(pushed, "package_version");
  return [
    {
      kind: "artifact",
      repository: `ghcr.io/${owner}/${requiredText(pushed, "name")}`,
      tag: version === undefined ? undefined : optionalText(version, "container_metadata.tag.name"),
    },
  ];
}
