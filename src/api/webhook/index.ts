import type { ApiContext } from "../context.ts";
import type { WebHandler } from "../server/serve.ts";
import { Announcer } from "./announcer.ts";
import { createWebhookHandler } from "./answer-webhook.ts";

/** Dispose of it to have told what waits. */
export interface Webhooks extends AsyncDisposable {
  readonly handler: WebHandler;
}

/** What answers `POST /api/webhook`; what it is told of goes to the controller. */
export function startWebhooks({ hub, authenticator, clock, log }: ApiContext): Webhooks {
  const announcer = new Announcer({ hub, clock, log });
  const handler = createWebhookHandler({
    settings: () => authenticator.settings.webhooks,
    applications: () => hub.applications.values(),
    announce: (sources) => announcer.announce(sources),
    clock,
    log,
  });
  return { handler, [Symbol.asyncDispose]: () => announcer[Symbol.asyncDispose]() };
}
