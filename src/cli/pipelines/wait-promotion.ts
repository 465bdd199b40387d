import { MooringError } from "#core/errors/index.ts";
import type { Promotion } from "#core/promotion/index.ts";
import { hasEnded, parsePromotion } from "#core/promotion/index.ts";
import type { Flags } from "../command.ts";
import { oneLine } from "../output/table.ts";
import type { CliPorts } from "../ports.ts";
import type { ObjectName, Pipelines } from "./port.ts";

export const waitFlags = {
  wait: { type: "boolean", description: "Wait for the end" },
  timeout: { type: "integer", value: "SECONDS", description: "Give up waiting after this long" },
} as const satisfies Flags;

export interface Waiting {
  readonly names: readonly ObjectName[];
  readonly timeoutSeconds: number | undefined;
  readonly ports: CliPorts;
}

const pollMs = 1_000;

/** Waits until promotions have ended, and tells what becomes of them: 0 when all succeeded, else 1. Throws CLI_TIMEOUT. */
export async function waitForPromotions(
  pipelines: Pipelines,
  { names, timeoutSeconds, ports }: Waiting,
): Promise<number> {
  const { clock, signal, stderr } = ports;
  const deadlineMs =
    timeoutSeconds === undefined ? Number.POSITIVE_INFINITY : clock.now() + timeoutSeconds * 1_000;
  const told = new Map<string, string>();
  for (;;) {
    const now = await Promise.all(
      names.map(async (name) => parsePromotion(await pipelines.getPromotion(name))),
    );
    for (const promotion of now) {
      const line = lineOf(promotion);
      if (told.get(promotion.name) !== line) stderr.write(line);
      told.set(promotion.name, line);
    }
    const open = now.filter((promotion) => !hasEnded(promotion));
    if (open.length === 0) return now.every(({ status }) => status.phase === "Succeeded") ? 0 : 1;
    if (clock.now() >= deadlineMs) {
      const [first] = open;
      throw new MooringError(
        "CLI_TIMEOUT",
        `Promotion/${first?.namespace ?? ""}/${first?.name ?? ""}: has not ended within ${timeoutSeconds ?? 0} s; see what it waits for with: mooring promotion get ${first?.name ?? ""}`,
      );
    }
    await clock.sleep(pollMs, signal);
  }
}

function lineOf({ name, status: { phase = "Pending", message = "" } }: Promotion): string {
  return `${oneLine(`${name} ${phase} ${message}`)}\n`;
}
