import type { JsonObject } from "#core/object/index.ts";
import type { WebhookEvent } from "./event.ts";
import { readPush } from "./github.ts";

/** What Gogs, Gitea and Forgejo send. Throws API_INVALID_ARGUMENT. */
export function readGogs(event: string, payload: JsonObject): readonly WebhookEvent[] {
  return event === "push" ? readPush(payload) : [];
}
