import { MooringError } from "#core/errors/index.ts";

const variable = "ARGOCD_SYNC_WAVE_DELAY";

/**
 * How long a sync pauses between two waves, from Argo CD's variable, which holds seconds; none unless it is set: a wave that is followed by
 * another one waits for the health of its objects. Throws CONFIG_INVALID.
 */
export function waveDelayMs(env: Readonly<Record<string, string | undefined>>): number {
  const text = env[variable] ?? "";
  if (text === "") return 0;
  if (/^\d{1,6}$/u.test(text)) return Number(text) * 1_000;
  throw new MooringError(
    "CONFIG_INVALID",
    `controller: ${variable} is ${JSON.stringify(text)}; write whole seconds, or leave it out for no delay`,
  );
}
