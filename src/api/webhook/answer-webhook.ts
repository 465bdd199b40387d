import type { IncomingMessage, ServerResponse } from "node:http";
import { isMooringError, MooringError } from "#core/errors/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { isJsonObject } from "#core/object/index.ts";
import { scrubUrls } from "#core/repo/index.ts";
import type { FollowedSource, WebhookEvent, WebhookSettings } from "#core/webhook/index.ts";
import type { Clock } from "#runtime/clock.ts";
import type { Log } from "#runtime/log.ts";
import type { Origin } from "../call.ts";
import { parseBody, readBytes, requireJsonType } from "../rest/read-body.ts";
import type { WebHandler } from "../server/serve.ts";
import type { AdmittedWebhook } from "./limits.ts";
import { WebhookLimits } from "./limits.ts";
import { touchedSources } from "./match.ts";
import type { WebhookHead, WebhookProvider } from "./providers.ts";
import { findWebhookProvider } from "./providers.ts";
import { asksForProof, verifyHead, verifySignature } from "./verify.ts";

export interface WebhookContext {
  /** As they are now. */
  readonly settings: () => WebhookSettings;
  readonly applications: () => Iterable<KubeObject>;
  /** Has sources looked at soon. Throws API_THROTTLED. */
  readonly announce: (sources: readonly FollowedSource[]) => void;
  /** Has whoever follows the images look soon. */
  readonly tell: (events: readonly WebhookEvent[]) => void;
  readonly clock: Pick<Clock, "now" | "after">;
  readonly log: Log;
}

const path = "/api/webhook";
const megabyte = 1_048_576;
/** Of senders who prove nothing: anybody may send such a body. */
const maxUnprovenBytes = 5 * megabyte;
/** Whoever is slower keeps a place from others. */
const bodyTimeoutMs = 30_000;

/** Has the sources looked at that forges and registries tell of, on `POST /api/webhook`. Whoever sends is told nothing of Applications. */
export function createWebhookHandler(context: WebhookContext): WebHandler {
  const limits = new WebhookLimits(context.clock);
  return async (request, response, origin) => {
    const address = URL.parse(request.url ?? "/", "http://localhost");
    if (address?.pathname !== path) return false;
    if (request.method !== "POST") {
      response.setHeader("allow", "POST");
      throw new MooringError("API_METHOD_NOT_ALLOWED", "use POST here");
    }
    const head = { headers: request.headers, query: address.searchParams };
    const events = await receive({ request, head, origin }, limits, context);
    context.tell(events);
    context.announce(touchedSources(events, context.applications()));
    answerOk(response);
    return true;
  };
}

interface Received {
  readonly request: IncomingMessage;
  readonly head: WebhookHead;
  readonly origin: Origin;
}

/** What a request tells, after it has proved itself. Throws `API_` errors. */
async function receive(
  received: Received,
  limits: WebhookLimits,
  context: WebhookContext,
): Promise<readonly WebhookEvent[]> {
  const { request, head, origin } = received;
  const { settings, log } = context;
  const provider = findWebhookProvider(head);
  const isOpen = provider === undefined || !asksForProof(provider, settings().secrets);
  // Before anything is written to the log, which is not to be flooded either.
  if (!isOpen) limits.assertMayClaim(origin.address);
  const admit = (): AdmittedWebhook => {
    const maxHeldBytes = 2 * settings().maxPayloadBytes;
    return isOpen
      ? limits.admitOpen(origin.address, maxHeldBytes)
      : limits.admitClaimed(origin.address, maxHeldBytes);
  };
  if (provider === undefined) {
    using _counted = admit();
    throw unknownSender();
  }
  try {
    const body = await readProven({ ...received, provider, isOpen, admit, limits }, context);
    requireJsonType(request, /^application\/(?:[\w.-]+\+)?json$/u);
    const event = provider.eventOf(head);
    const events = provider.read(event, payloadOf(body));
    log.info("webhook", {
      from: provider.name,
      event: shown(event),
      about: events.slice(0, 5).map(aboutOf).join(" "),
    });
    return events;
  } catch (error) {
    if (error instanceof MooringError && error.code !== "API_THROTTLED")
      log.warn("webhook refused", { from: provider.name, code: error.code, error: error.message });
    throw error;
  }
}

interface Proving extends Received {
  readonly provider: WebhookProvider;
  /** It need not prove anything. */
  readonly isOpen: boolean;
  readonly admit: () => AdmittedWebhook;
  readonly limits: WebhookLimits;
}

/** The body of a request that proves itself as far as a secret is set; until then nothing of the body is looked at. */
async function readProven(proving: Proving, context: WebhookContext): Promise<Buffer> {
  const { head, origin, provider, isOpen, admit, limits } = proving;
  const { secrets } = context.settings();
  if (isOpen) {
    using admitted = admit();
    return await readInTime(proving, admitted, context);
  }
  try {
    verifyHead(provider, head, secrets);
    // Who has shown the secret itself needs no place among those that may not know it.
    const isProven = provider.proof.kind === "token";
    if (isProven) limits.proven(origin.address);
    using admitted = admit();
    const body = await readInTime(proving, admitted, context);
    verifySignature(provider, { head, body }, secrets);
    if (!isProven) limits.proven(origin.address);
    return body;
  } catch (error) {
    if (isMooringError(error, "API_UNAUTHENTICATED")) limits.wrong(origin.address);
    throw error;
  }
}

async function readInTime(
  { request, isOpen }: Proving,
  admitted: AdmittedWebhook,
  { settings, clock }: WebhookContext,
): Promise<Buffer> {
  const { maxPayloadBytes } = settings();
  using _late = clock.after(bodyTimeoutMs, () => request.destroy(tooSlow()));
  return await readBytes(request, {
    maxBytes: isOpen ? Math.min(maxPayloadBytes, maxUnprovenBytes) : maxPayloadBytes,
    advice: isOpen
      ? "set the sender's secret in Secret argocd-secret: what is not signed may not be longer"
      : "raise webhook.maxPayloadSizeMB of ConfigMap argocd-cm",
    onBytes: admitted.hold,
  });
}

function payloadOf(body: Buffer): JsonObject {
  const payload = parseBody(body);
  if (isJsonObject(payload)) return payload;
  throw new MooringError("API_INVALID_ARGUMENT", "webhook payload: it must be a JSON object");
}

function tooSlow(): MooringError {
  return new MooringError(
    "API_TOO_LARGE",
    `webhook: the body did not come within ${bodyTimeoutMs / 1_000} s; send it faster`,
  );
}

function unknownSender(): MooringError {
  return new MooringError(
    "API_INVALID_ARGUMENT",
    "webhook: no header says that a forge sends it; add ?from=harbor, ?from=dockerhub or ?from=azuredevops to the address for these, and see docs/webhooks.md",
  );
}

/** For the log, where what strangers write is short; a longer text could hold a password that its cut end does not give away. */
function shown(text: string): string {
  return text.length > 500 ? "(too long)" : scrubUrls(text).slice(0, 200);
}

function aboutOf(event: WebhookEvent): string {
  if (event.kind === "artifact") return shown(`${event.repository}:${event.tag ?? ""}`);
  return shown(`${event.urls[0] ?? ""} ${event.refs.slice(0, 3).join(" ")}`);
}

function answerOk(response: ServerResponse): void {
  response.writeHead(200, { "content-length": 0 });
  response.end();
}
