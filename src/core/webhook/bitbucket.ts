import type { JsonObject } from "#core/object/index.ts";
import type { WebhookEvent } from "./event.ts";
import { branchRef, tagRef } from "./event.ts";
import { optionalObject, optionalText, requiredObjects, requiredText } from "./fields.ts";

/** What Bitbucket Cloud sends. Throws API_INVALID_ARGUMENT. */
export function readBitbucket(event: string, payload: JsonObject): readonly WebhookEvent[] {
  if (event !== "repo:push") return [];
  const changes = requiredObjects(payload, "push.changes");
  return [
    {
      kind: "push",
      urls: [requiredText(payload, "repository.links.html.href")],
      refs: changes.flatMap((change) => ["new", "old"].flatMap((side) => refOf(change, side) ?? [])),
      defaultBranch: optionalText(payload, "repository.mainbranch.name"),
    },
  ];
}

/** A side of a change is null where the branch or tag was made or deleted. */
function refOf(change: JsonObject, side: string): string | undefined {
  const named = optionalObject(change, side);
  if (named === undefined) return undefined;
  const name = requiredText(named, "name");
  return requiredText(named, "type").endsWith("tag") ? tagRef(name) : branchRef(name);
}

/** One for each protocol. */
const maxAddresses = 20;
const serverEvents = new Set(["repo:refs_changed", "mirror:repo_synchronized"]);

/** What Bitbucket Server and Data Center send. Throws API_INVALID_ARGUMENT. */
export function readBitbucketServer(event: string, payload: JsonObject): readonly WebhookEvent[] {
  if (!serverEvents.has(event)) return [];
  const addresses = requiredObjects(payload, "repository.links.clone", maxAddresses);
  return [
    {
      kind: "push",
      urls: addresses.map((address) => requiredText(address, "href")),
      refs: requiredObjects(payload, "changes").map(
        (change) => optionalText(change, "ref.id") ?? requiredText(change, "refId"),
      ),
      defaultBranch: undefined,
    },
  ];
}
