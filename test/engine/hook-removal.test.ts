import { describe, expect, it } from "vitest";
import { assessHealth } from "#core/health/index.ts";
import { parseObjectKey } from "#core/object/index.ts";
import type { SyncPlan } from "#core/sync/index.ts";
import type { RunProgress } from "#engine/plan-run.ts";
import { runPlan } from "#engine/run-plan.ts";
import { startLiveStore } from "#kube/index.ts";
import { systemClock } from "#runtime/clock.ts";
import { argo, job } from "../application/manifests.ts";
import { eventually, testNamespace } from "../control-plane/fixture.ts";
import { connect, testSignal, typeOf } from "../kube/connect.ts";
import { applyAction } from "./action.ts";

describe("a hook that is removed once it has succeeded", () => {
  it("is there until its success was written down", async () => {
    const [cluster, namespace] = [await connect(), await testNamespace()];
    await using live = startLiveStore(cluster, { ownersOf: () => [] });
    const manifest = job("once", "true", { annotations: argo({ hook: "PreSync" }) });
    const action = applyAction(
      { ...manifest, metadata: { ...manifest.metadata, namespace } },
      { hook: { deletePolicies: ["HookSucceeded"], generateName: undefined, replaces: undefined } },
    );
    const plan: SyncPlan = {
      app: "test",
      revision: "",
      waves: [
        {
          phase: "PreSync",
          wave: 0,
          step: "apply",
          groups: [{ actions: [action] }],
          gates: [{ key: action.key, until: "healthy", hook: true, suspendedIsDone: false }],
        },
      ],
      skipped: [],
      refusals: [],
      dryRun: false,
      partial: false,
    };
    const jobs = await typeOf(cluster, "batch", "Job");
    const ref = { type: jobs, namespace, name: parseObjectKey(action.key).name };
    const seen: unknown[] = [];
    let reported: RunProgress | undefined;
    const signal = testSignal();
    const outcome = await runPlan(plan, {
      live,
      writer: cluster,
      claimant: "test",
      clock: systemClock,
      assess: (object) => assessHealth(object),
      learnHealth: async () => undefined,
      isOurs: () => true,
      apiVersions: new Map(),
      onBegun: () => undefined,
      onApplied: () => undefined,
      slot: (work) => work(),
      earlier: [],
      concurrency: 1,
      confirmation: { isGiven: () => true, given: async () => undefined, howTo: "" },
      wayOut: "",
      waveDelayMs: 0,
      onProgress: (progress) => void (reported = progress),
      tell: async () => {
        const object = await cluster.read(ref, signal);
        seen.push([object?.metadata.deletionTimestamp, reported?.results.map(({ hookPhase }) => hookPhase)]);
      },
      signal,
      shutdown: signal,
    });
    expect(outcome.phase).toBe("Succeeded");
    expect(seen).toEqual([[undefined, ["Succeeded"]]]);
    await eventually(async () => expect(await cluster.read(ref, signal)).toBeUndefined());
  });
});
