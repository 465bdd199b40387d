import { createHmac } from "node:crypto";
import { isMooringError } from "#core/errors/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { viewPath, viewString } from "#core/object/index.ts";
import type { Gate } from "#core/promotion/index.ts";
import { createTextRedactor } from "#core/redact/index.ts";
import type { OutgoingAnswer } from "#ports/outgoing-http.ts";
import { backoffDelay } from "#runtime/backoff.ts";
import { boundText } from "./bound-text.ts";
import type { GateContext, GateOutcome } from "./gate-context.ts";
import { numberOf, readNotes, untilDue } from "./notes.ts";

const timeoutMs = 30_000;
const backoff = { baseMs: 5_000, factor: 2, maxMs: 300_000, jitter: 0 };

type Webhook = NonNullable<Gate["spec"]["webhook"]>;

/**
 * Asks another system, which answers `{passed, message}`. What fails on its side, and an answer 202, is asked again with growing pauses;
 * the header `Idempotency-Key` is the same each time.
 */
export async function evaluateWebhook(gate: Gate, context: GateContext): Promise<GateOutcome> {
  const { webhook } = gate.spec;
  if (webhook === undefined) throw new Error("a webhook gate without webhook");
  const notes = readNotes(context);
  const early = untilDue(context, notes);
  if (early !== undefined) return early;
  const { secretRef } = webhook;
  const secret = secretRef === undefined ? undefined : await context.ports.secret(secretRef, context.signal);
  const redact = createTextRedactor(secret === undefined ? [] : [secret]);
  const { host } = new URL(webhook.url);
  const again = (why: string): GateOutcome =>
    retry(context, `${host} ${redact(why)}`, numberOf(notes, "tries"));
  try {
    const answer = await send(gate, context, { webhook, secret });
    const judged = judge(answer, redact);
    if ("retry" in judged) return again(judged.retry);
    return { state: judged.passed ? "Passed" : "Failed", message: `${host} ${judged.message}` };
  } catch (error) {
    if (!isMooringError(error, "GATE_UNREACHABLE")) throw error;
    return again(`cannot be asked: ${boundText(error.message)}`);
  }
}

function retry(context: GateContext, message: string, tries: number): GateOutcome {
  const waitMs = backoffDelay(tries, backoff, () => 0);
  const notes = JSON.stringify({ tries: tries + 1, nextMs: context.clock.now() + waitMs });
  return { state: "Waiting", message: `${message}; it is asked again`, checkAgainMs: waitMs, notes };
}

interface Sent {
  readonly webhook: Webhook;
  readonly secret: string | undefined;
}

async function send(gate: Gate, context: GateContext, { webhook, secret }: Sent): Promise<OutgoingAnswer> {
  const { promotion, ports, signal } = context;
  const body = JSON.stringify(bodyOf(context));
  const signature =
    secret === undefined ? undefined : createHmac("sha256", secret).update(body).digest("hex");
  return await ports.http.send({
    method: "POST",
    url: webhook.url,
    headers: {
      "content-type": "application/json",
      accept: "application/json",
      "idempotency-key": encodeURIComponent(
        `${promotion.uid}/${gate.name}/${promotion.status.plan?.digest ?? ""}`,
      ),
      ...(signature === undefined ? {} : { "x-mooring-signature-256": `sha256=${signature}` }),
    },
    body,
    timeoutMs,
    signal,
  });
}

function bodyOf({ pipeline, stage, promotion }: GateContext): JsonObject {
  const { commit = "", plan } = promotion.status;
  return {
    pipeline: `${pipeline.namespace}/${pipeline.name}`,
    stage: stage.name,
    promotion: promotion.name,
    revision: promotion.spec.revision,
    commit,
    digest: plan?.digest ?? "",
    applications: [...stage.applications],
  };
}

type Judged = { readonly retry: string } | { readonly passed: boolean; readonly message: string };

function judge({ status, body, isCut }: OutgoingAnswer, redact: (text: string) => string): Judged {
  const answer = isCut ? undefined : parse(body);
  const text = viewString(answer, "message") ?? "";
  const said = text === "" ? "" : `: ${boundText(redact(text))}`;
  if (status === 202) return { retry: `has not decided yet${said}` };
  if (status >= 500 || status === 429 || status === 408) return { retry: `answered ${status}${said}` };
  if (status >= 400)
    return { passed: false, message: `answered ${status}${said}; correct the webhook's URL or secret` };
  if (status >= 300)
    return {
      passed: false,
      message: `answered ${status}, and redirects are not followed; use the final URL`,
    };
  const passed = viewPath(answer, "passed");
  if (typeof passed !== "boolean")
    return { retry: `answered ${status} without {"passed": true or false}${isCut ? " in 64 KiB" : ""}` };
  return { passed, message: `${passed ? "agrees" : "does not agree"}${said}` };
}

function parse(body: string): JsonObject | undefined {
  try {
    return JSON.parse(body) as JsonObject;
  } catch {
    return undefined;
  }
}
