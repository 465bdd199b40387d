import { expect, vi } from "vitest";
import { argo, configMap, newHub, plainIt } from "./fixture.ts";

const createdAt = (
  object: { readonly metadata: { readonly creationTimestamp?: string } } | undefined,
): number => Date.parse(object?.metadata.creationTimestamp ?? "");

plainIt("a sync pauses between waves only when ARGOCD_SYNC_WAVE_DELAY says so", async (context) => {
  const hub = await newHub(context);
  const wave = (number: number) => ({ annotations: argo({ "sync-wave": String(number) }) });
  const files = {
    "a.yaml": [configMap("first"), configMap("second", {}, wave(1)), configMap("third", {}, wave(2))],
  };
  await hub.start();
  const quick = await hub.app("quick", { files });
  await quick.sync();
  await hub.stop();
  vi.stubEnv("ARGOCD_SYNC_WAVE_DELAY", "2");
  context.onTestFinished(() => void vi.unstubAllEnvs());
  await hub.start();
  const slow = await hub.app("slow", { files });
  await slow.startSync();
  await slow.waitFor(({ status }) =>
    expect(status?.operationState?.message).toMatch(/^waiting 2 s before Sync wave [12]$/u),
  );
  await slow.waitFor(({ status }) => expect(status?.operationState?.phase).toBe("Succeeded"));
  const between = async (app: typeof slow) =>
    createdAt(await app.live("configmaps/third")) - createdAt(await app.live("configmaps/first"));
  expect([await between(quick), await between(slow)]).toEqual([
    expect.closeTo(0, -4),
    expect.closeTo(4_000, -4),
  ]);
  expect((await between(slow)) >= 3_000).toBe(true);
});
