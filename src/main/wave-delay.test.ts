import { expect, it } from "vitest";
import { waveDelayMs } from "./wave-delay.ts";

it("pauses between waves only as long as ARGOCD_SYNC_WAVE_DELAY says", () => {
  expect([{}, { ARGOCD_SYNC_WAVE_DELAY: "" }, { ARGOCD_SYNC_WAVE_DELAY: "2" }].map(waveDelayMs)).toEqual([
    0, 0, 2_000,
  ]);
});

it("refuses a delay that is no number of seconds", () => {
  expect(() => waveDelayMs({ ARGOCD_SYNC_WAVE_DELAY: "2s" })).toThrow(
    'controller: ARGOCD_SYNC_WAVE_DELAY is "2s"; write whole seconds, or leave it out for no delay',
  );
});
