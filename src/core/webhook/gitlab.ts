import type { JsonObject } from "#core/object/index.ts";
import type { WebhookEvent } from "./event.ts";
import { optionalText, requiredObjects, requiredText, someTexts } from "./fields.ts";

const addresses = ["web_url", "git_http_url", "git_ssh_url"].map((name) => `project.${name}`);
const pushes = new Set(["push", "tag_push"]);

/** What GitLab sends for a project, a group or, as a system hook, an installation. Throws API_INVALID_ARGUMENT. */
export function readGitlab(event: string, payload: JsonObject): readonly WebhookEvent[] {
  if (event !== "Push Hook" && event !== "Tag Push Hook" && event !== "System Hook") return [];
  const name = optionalText(payload, "object_kind") ?? requiredText(payload, "event_name");
  if (pushes.has(name)) return [pushOf(payload, [requiredText(payload, "ref")])];
  if (name !== "repository_update") return [];
  const changes = requiredObjects(payload, "changes");
  return [
    pushOf(
      payload,
      changes.map((change) => requiredText(change, "ref")),
    ),
  ];
}

function pushOf(payload: JsonObject, refs: readonly string[]): WebhookEvent {
  return {
    kind: "push",
    urls: someTexts(payload, addresses),
    refs,
    defaultBranch: optionalText(payload, "project.default_branch"),
  };
}
