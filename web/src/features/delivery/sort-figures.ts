import type { AnswerOf } from "../../lib/api/index.ts";
import type { Order } from "./delivery-search.ts";

export type DeliveryFigures = AnswerOf<"trace", "figures">;
export type Figures = NonNullable<DeliveryFigures["applications"]>[number];

const weights: Readonly<Record<Exclude<Order, "name">, (figures: Figures) => number | undefined>> = {
  leadTime: ({ leadTime }) => leadTime?.medianMs,
  frequency: ({ deploymentsPerDay }) => deploymentsPerDay,
  failureRate: ({ failureRate }) => failureRate,
  restoreTime: ({ restoreTime }) => restoreTime?.medianMs,
};

/** The rows in an order; those of which there is nothing to tell come last, and equal ones stay as they are. */
export function sortFigures(rows: readonly Figures[], order: Order | undefined): readonly Figures[] {
  if (order === undefined || order === "name") return rows;
  const weight = weights[order];
  return rows.toSorted((a, b) => (weight(b) ?? -1) - (weight(a) ?? -1));
}

/** A rate from 0 to 1 in percent. */
export function formatRate(rate: number | undefined): string {
  return rate === undefined ? "–" : `${Math.round(rate * 100)} %`;
}

/** How often something is deployed, in words that fit. */
export function formatFrequency(perDay: number | undefined): string {
  if (perDay === undefined || perDay === 0) return "–";
  if (perDay >= 1) return `${perDay.toFixed(1)} a day`;
  if (perDay * 7 >= 1) return `${(perDay * 7).toFixed(1)} a week`;
  return `${(perDay * 30).toFixed(1)} a month`;
}
