import type { KubeObject } from "#core/object/index.ts";
import { parsePromotion } from "#core/promotion/index.ts";
import type { CliPorts } from "../ports.ts";
import type { Pipelines } from "./port.ts";
import { printObject, printObjects } from "./print.ts";
import { waitForPromotions } from "./wait-promotion.ts";

interface Asked {
  readonly promotions: readonly KubeObject[];
  readonly wait: boolean | undefined;
  readonly timeout: number | undefined;
  readonly output: string | undefined;
  readonly ports: CliPorts;
}

/** Prints the promotions that were asked for, and waits for their end where that is wanted. */
export async function reportAsked(
  pipelines: Pipelines,
  { promotions, wait, timeout, output, ports }: Asked,
): Promise<number> {
  const parsed = promotions.map((promotion) => parsePromotion(promotion));
  const text = () =>
    parsed
      .map(({ name, status }) =>
        status.phase === undefined
          ? `promotion '${name}' is asked for; follow it with: mooring promotion wait ${name}\n`
          : `promotion '${name}' is ${status.phase} already; see: mooring promotion get ${name}\n`,
      )
      .join("");
  const [only, ...more] = promotions;
  if (only !== undefined && more.length === 0) printObject(only, { output, ports, text });
  else printObjects(promotions, { output, ports, text });
  if (wait !== true) return 0;
  return await waitForPromotions(pipelines, { names: parsed, timeoutSeconds: timeout, ports });
}
