import type { JsonObject } from "#core/object/index.ts";
import type { WebhookEvent } from "./event.ts";
import { optionalText, requiredObjects, requiredText } from "./fields.ts";

/** Harbor names one, and the tags of it that a replication brings. */
const maxResources = 100;

/** What Harbor sends, in its own form or as a CloudEvent. Throws API_INVALID_ARGUMENT. */
export function readHarbor(_event: string, payload: JsonObject): readonly WebhookEvent[] {
  const isCloudEvent = optionalText(payload, "specversion") !== undefined;
  const wanted = isCloudEvent ? "harbor.artifact.pushed" : "PUSH_ARTIFACT";
  if (requiredText(payload, "type") !== wanted) return [];
  return requiredObjects(payload, isCloudEvent ? "data.resources" : "event_data.resources", maxResources).map(
    (resource) => {
      const tag = optionalText(resource, "tag");
      return {
        kind: "artifact",
        repository: withoutReference(requiredText(resource, "resource_url")),
        tag: tag?.includes(":") === true ? undefined : tag,
      };
    },
  );
}

/** `host:port/path` of `host:port/path:tag` and `host:port/path@digest`. */
function withoutReference(url: string): string {
  const name = url.split("@", 1)[0] ?? "";
  const slash = name.lastIndexOf("/");
  const colon = name.indexOf(":", slash + 1);
  return slash < 0 || colon < 0 ? name : name.slice(0, colon);
}

/** What Docker Hub sends: every event is a push. Throws API_INVALID_ARGUMENT. */
export function readDockerHub(_event: string, payload: JsonObject): readonly WebhookEvent[] {
  return [
    {
      kind: "artifact",
      repository: `docker.io/${requiredText(payload, "repository.repo_name")}`,
      tag: optionalText(payload, "push_data.tag"),
    },
  ];
}
