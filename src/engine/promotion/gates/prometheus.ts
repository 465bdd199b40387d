import { isMooringError } from "#core/errors/index.ts";
import type { Gate } from "#core/promotion/index.ts";
import { createTextRedactor } from "#core/redact/index.ts";
import { parseDuration } from "#core/sync/index.ts";
import { boundText } from "./bound-text.ts";
import { meetsCondition } from "./condition.ts";
import type { GateContext, GateOutcome } from "./gate-context.ts";
import { numberOf, readNotes, untilDue } from "./notes.ts";
import type { Measured } from "./prometheus-query.ts";
import { fillQuery, queryUrl, readMeasurement } from "./prometheus-query.ts";

const timeoutMs = 30_000;

type Settings = NonNullable<Gate["spec"]["prometheus"]>;

/** Measures until as many measurements as are wanted agree one after another, or too many do not. */
export async function evaluatePrometheus(gate: Gate, context: GateContext): Promise<GateOutcome> {
  const { prometheus } = gate.spec;
  if (prometheus === undefined) throw new Error("a prometheus gate without prometheus");
  const notes = readNotes(context);
  const early = untilDue(context, notes);
  if (early !== undefined) return early;
  const tally = { agreed: numberOf(notes, "agreed"), failed: numberOf(notes, "failed") };
  const measured = await measure(prometheus, context);
  if (measured.kind === "wrong") return { state: "Failed", message: `Prometheus ${measured.message}` };
  if (measured.kind !== "value") {
    // Nothing measured is neither good nor bad; only a row of good ones is broken by it.
    const after = { ...tally, agreed: measured.kind === "none" ? 0 : tally.agreed };
    return again(prometheus, context, { tally: after, said: `Prometheus ${measured.message}` });
  }
  const met = meetsCondition(prometheus.condition, measured.value);
  if (typeof met !== "boolean")
    return {
      state: "Failed",
      message: `condition ${quote(prometheus.condition)} cannot be evaluated: ${met.problem}; correct it`,
    };
  return judge(prometheus, context, { tally, met, value: measured.value });
}

interface Tally {
  /** One after another. */
  readonly agreed: number;
  readonly failed: number;
}

interface Judged {
  readonly tally: Tally;
  readonly met: boolean;
  readonly value: number;
}

function judge(settings: Settings, context: GateContext, { tally, met, value }: Judged): GateOutcome {
  const { count = 1, failures = 0, condition } = settings;
  const after = met
    ? { agreed: tally.agreed + 1, failed: tally.failed }
    : { agreed: 0, failed: tally.failed + 1 };
  const said = `result ${value} ${met ? "meets" : "does not meet"} ${quote(condition)}`;
  if (after.failed > failures) {
    const many = failures === 0 ? "" : `, the ${after.failed}th time of ${failures} that are allowed`;
    return { state: "Failed", message: `${said}${many}` };
  }
  if (after.agreed >= count)
    return { state: "Passed", message: count === 1 ? said : `${said}, ${count} times in a row` };
  return again(settings, context, { tally: after, said });
}

interface Said {
  readonly tally: Tally;
  readonly said: string;
}

function again(
  { interval = "1m", count = 1, failures = 0 }: Settings,
  { clock }: GateContext,
  { tally, said }: Said,
): GateOutcome {
  const intervalMs = parseDuration(interval);
  const bad = failures === 0 ? "" : `, ${tally.failed} of ${failures} allowed failures`;
  return {
    state: "Waiting",
    message: `${said}; ${tally.agreed} of ${count} measurements agree${bad}; measured every ${interval}`,
    checkAgainMs: intervalMs,
    notes: JSON.stringify({ ...tally, nextMs: clock.now() + intervalMs }),
  };
}

async function measure(
  settings: Settings,
  { ports, pipeline, stage, promotion, signal }: GateContext,
): Promise<Measured> {
  const { tokenSecretRef, query, url } = settings;
  const token = tokenSecretRef === undefined ? undefined : await ports.secret(tokenSecretRef, signal);
  const redact = createTextRedactor(token === undefined ? [] : [token]);
  const variables = {
    revision: promotion.spec.revision,
    stage: stage.name,
    pipeline: pipeline.name,
  };
  try {
    const answer = await ports.http.send({
      method: "POST",
      url: queryUrl(url),
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        accept: "application/json",
        ...(token === undefined ? {} : { authorization: `Bearer ${token.trim()}` }),
      },
      body: new URLSearchParams({ query: fillQuery(query, variables) }).toString(),
      timeoutMs,
      signal,
    });
    const measured = readMeasurement(answer);
    return measured.kind === "value" ? measured : { ...measured, message: redact(measured.message) };
  } catch (error) {
    if (!isMooringError(error, "GATE_UNREACHABLE")) throw error;
    return { kind: "later", message: `cannot be asked: ${redact(boundText(error.message))}` };
  }
}

function quote(text: string): string {
  return JSON.stringify(boundText(text));
}
