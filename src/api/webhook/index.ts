import type { ApiContext } from "../context.ts";
import type { WebHandler } from "../server/serve.ts";
import { Announcer } from "./announcer.ts";
import { createWebhookHandler } from "./answer-webhook.ts";

/** What answers `POST /api/webhook`; what it is told of goes to the controller until the signal aborts. */
export function webhookHandler(context: ApiContext, signal: AbortSignal): WebHandler {
  const { hub, authenticator, clock, log } = context;
  const announcer = new Announcer({ hub, clock, log, signal });
  return createWebhookHandler({
    settings: () => authenticator.settings.webhooks,
    applications: () => hub.applications.values(),
    announce: (sources) => announcer.announce(sources),
    clock,
    log,
  });
}
