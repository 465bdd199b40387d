import type { JsonValue } from "#core/object/index.ts";
import type { ApiError } from "../../api-error.ts";
import { type Exchange, wantsPretty } from "../exchange.ts";
import { sendText } from "./write.ts";

export interface JsonAnswer {
  readonly status: number;
  readonly value: JsonValue;
  /** `application/json` unless told. */
  readonly contentType?: string;
  /** The client's media type asks for indentation. */
  readonly pretty?: boolean;
}

export function sendJson(exchange: Exchange, answer: JsonAnswer): void {
  const { status, value, contentType = "application/json", pretty = false } = answer;
  const text = JSON.stringify(value, undefined, wantsPretty(exchange, pretty) ? 2 : undefined);
  sendText(exchange, { status, contentType }, `${text}\n`);
}

/** A failure as a Status, whatever media type was asked for. */
export function sendFailure(exchange: Exchange, error: ApiError): void {
  const { response } = exchange;
  response.setHeader("x-content-type-options", "nosniff");
  const seconds = error.details?.retryAfterSeconds;
  if (seconds !== undefined) response.setHeader("retry-after", `${seconds}`);
  sendJson(exchange, { status: error.code, value: error.toStatus() });
}
