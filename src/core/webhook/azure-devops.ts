import type { JsonObject } from "#core/object/index.ts";
import type { WebhookEvent } from "./event.ts";
import { branchOf } from "./event.ts";
import { optionalText, requiredObjects, requiredText, someTexts } from "./fields.ts";

/** What Azure DevOps sends; the event stands in the payload. Throws API_INVALID_ARGUMENT. */
export function readAzureDevOps(_event: string, payload: JsonObject): readonly WebhookEvent[] {
  if (requiredText(payload, "eventType") !== "git.push") return [];
  const branch = optionalText(payload, "resource.repository.defaultBranch");
  return [
    {
      kind: "push",
      urls: someTexts(payload, ["resource.repository.remoteUrl", "resource.repository.sshUrl"]),
      refs: requiredObjects(payload, "resource.refUpdates").map((update) => requiredText(update, "name")),
      defaultBranch: branch === undefined ? undefined : branchOf(branch),
    },
  ];
}
