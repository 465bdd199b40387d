import { MooringError } from "#core/errors/index.ts";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject, viewArray, viewPath, viewString } from "#core/object/index.ts";
import type { OutgoingAnswer } from "#ports/outgoing-http.ts";
import { boundText } from "./bound-text.ts";

/** What a query gave; `none` and `later` say nothing of what is measured, and `wrong` never will. */
export type Measured =
  | { readonly kind: "value"; readonly value: number }
  | { readonly kind: "none" | "later" | "wrong"; readonly message: string };

/** Puts the promotion's own words into a query, as they have to be written inside of quotes. */
export function fillQuery(query: string, variables: Readonly<Record<string, string>>): string {
  return query.replaceAll(/\$(?<name>[a-z]+)\b/gu, (found, name: string) => {
    const value = variables[name];
    return value === undefined ? found : escapeLabel(value);
  });
}

function escapeLabel(value: string): string {
  return value
    .replaceAll("\\", "\\\\")
    .replaceAll('"', String.raw`\"`)
    .replaceAll("'", String.raw`\'`)
    .replaceAll("\n", String.raw`\n`);
}

/** Reads the answer of Prometheus' API for instant queries. */
export function readMeasurement({ status, body, isCut }: OutgoingAnswer): Measured {
  if (status >= 500 || status === 429 || status === 408)
    return { kind: "later", message: `answered ${status}` };
  if (status >= 300 && status < 400)
    return {
      kind: "wrong",
      message: `answered ${status}, and redirects are not followed; use the final URL`,
    };
  if (status === 401 || status === 403)
    return { kind: "wrong", message: `answered ${status}; name a token that may query in tokenSecretRef` };
  const answer = isCut ? undefined : parse(body);
  const error = viewString(answer, "error");
  if (status >= 400)
    return {
      kind: "wrong",
      message: `answered ${status}${error === undefined ? "" : `: ${boundText(error)}`}; correct the query or the URL`,
    };
  if (answer === undefined || viewString(answer, "status") !== "success")
    return {
      kind: "wrong",
      message: isCut
        ? "answered more than 64 KiB; write a query that gives one value"
        : "answered something else than Prometheus does; correct the URL",
    };
  return valueOf(answer);
}

function valueOf(answer: JsonObject): Measured {
  const type = viewString(answer, "data", "resultType");
  if (type === "scalar") return sampleOf(viewPath(answer, "data", "result"));
  if (type !== "vector")
    return {
      kind: "wrong",
      message: `gave a ${boundText(type ?? "nothing")}; write a query that gives one value`,
    };
  const samples = viewArray(viewPath(answer, "data"), "result");
  const [first] = samples;
  if (first === undefined) return { kind: "none", message: "gave no sample" };
  if (samples.length > 1) {
    const shown = samples.slice(0, 2).map((sample) => labelsOf(sample));
    return {
      kind: "wrong",
      message: `gave ${samples.length} samples, such as ${shown.join(" and ")}; aggregate them, with sum(…) or max(…)`,
    };
  }
  return sampleOf(viewPath(first, "value"));
}

function sampleOf(sample: JsonValue | undefined): Measured {
  const text = sample !== undefined && isJsonArray(sample) ? sample[1] : undefined;
  const value = numberIn(typeof text === "string" ? text : "");
  if (Number.isNaN(value))
    return { kind: "none", message: "gave NaN, perhaps of nothing divided by nothing" };
  return { kind: "value", value };
}

function numberIn(text: string): number {
  const infinite = /^(?<sign>[+-]?)Inf$/u.exec(text);
  if (infinite !== null)
    return infinite.groups?.["sign"] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return text === "" ? Number.NaN : Number(text);
}

function labelsOf(sample: JsonValue): string {
  const metric = viewPath(sample, "metric");
  const labels = metric !== undefined && isJsonObject(metric) ? Object.entries(metric) : [];
  return boundText(
    `{${labels.map(([name, value]) => `${name}="${typeof value === "string" ? value : ""}"`).join(", ")}}`,
  );
}

function parse(body: string): JsonObject | undefined {
  try {
    return JSON.parse(body) as JsonObject;
  } catch {
    return undefined;
  }
}

/** Throws CONFIG_INVALID for a base URL that is none. */
export function queryUrl(base: string): string {
  const url = URL.parse(base);
  if (url === null) throw new MooringError("CONFIG_INVALID", "prometheus.url is no URL; correct it");
  url.pathname = `${url.pathname.replace(/\/+$/u, "")}/api/v1/query`;
  return url.href;
}
