import { viewObject } from "#core/object/index.ts";
import type { ServiceMethods } from "../call.ts";
import type { Caller } from "../caller.ts";
import type { ApiContext } from "../context.ts";

interface Named {
  readonly name: string;
}

/** `notification.NotificationService`: names of what `argocd-notifications-cm` defines, for whoever is logged in. */
export function notificationMethods({ hub }: ApiContext): ServiceMethods<"notification", Caller> {
  const namesOf = (kind: "trigger" | "service" | "template") => (caller: Caller) => {
    caller.needsNoPermission();
    const data = viewObject(hub.configMaps.get(`${hub.namespace}/argocd-notifications-cm`), "data");
    const prefix = `${kind}.`;
    const items: readonly Named[] = Object.keys(data)
      .filter((key) => key.startsWith(prefix))
      .toSorted((a, b) => (a < b ? -1 : 1))
      .map((key) => ({ name: key.slice(prefix.length) }));
    return Promise.resolve({ items });
  };
  const [triggers, services, templates] = [namesOf("trigger"), namesOf("service"), namesOf("template")];
  return {
    listTriggers: (_request, { caller }) => triggers(caller),
    listServices: (_request, { caller }) => services(caller),
    listTemplates: (_request, { caller }) => templates(caller),
  };
}
