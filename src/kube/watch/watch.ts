import type { ListOptions, ResourceType, WatchEvent } from "#ports/cluster.ts";
import { type Change, createKnownObjects, type KnownObjects } from "./known-objects.ts";
import { follow, type Follower, type FollowEvent } from "./follow.ts";

/** The port's watch: every change once, none invented, whatever happens to the connection. Ends when the signal aborts. */
export async function* watch(
  follower: Follower,
  type: ResourceType,
  options: ListOptions,
): AsyncGenerator<WatchEvent> {
  const known = createKnownObjects();
  for await (const event of follow(follower, type, options)) {
    yield* changesOf(known, event);
    if (event.type === "listed") yield { type: "synced", resourceVersion: event.resourceVersion };
    if (event.type === "disconnected") yield event;
  }
}

function changesOf(known: KnownObjects, event: FollowEvent): readonly Change[] {
  switch (event.type) {
    case "page":
      if (event.first) known.startList();
      return event.objects.flatMap((object) => known.applied(object));
    case "changes":
      return event.changes.flatMap(({ deleted, object }) =>
        deleted ? known.deleted(object) : known.applied(object),
      );
    case "listed":
      return known.endList();
    case "connected":
    case "disconnected":
      return [];
    default:
      throw new Error(`unknown event: ${(event satisfies never as FollowEvent).type}`);
  }
}
