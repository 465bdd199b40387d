import type { ApiContext } from "../context.ts";
import type { WebHandler } from "../server/serve.ts";
import { Announcer } from "./announcer.ts";
import { createWebhookHandler } from "./answer-webhook.ts";
import { ScanCaller } from "./scan-automations.ts";

/** Dispose of it to have told what waits. */
export interface Webhooks extends AsyncDisposable {
  readonly handler: WebHandler;
}

/** What answers `POST /api/webhook`; what it is told of goes to the controller. */
export function startWebhooks({ hub, authenticator, admitsNamespace, clock, log }: ApiContext): Webhooks {
  const scans = new ScanCaller({ hub, admitsNamespace, clock, log });
  const announcer = new Announcer({ hub, clock, log });
  const handler = createWebhookHandler({
    settings: () => authenticator.settings.webhooks,
    applications: () => hub.applications.values(),
    announce: (sources) => announcer.announce(sources),
    tell: (events) => scans.tell(events),
    clock,
    log,
  });
  const dispose = async (): Promise<void> => {
    await Promise.all([announcer[Symbol.asyncDispose](), scans[Symbol.asyncDispose]()]);
  };
  return { handler, [Symbol.asyncDispose]: dispose };
}
