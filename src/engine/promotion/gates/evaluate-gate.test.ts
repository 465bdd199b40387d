import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Gate, GateSpec, Promotion } from "#core/promotion/index.ts";
import { parsePipeline } from "#core/promotion/index.ts";
import { evaluateGate } from "./evaluate-gate.ts";
import type { GateContext, GatePorts } from "./gate-context.ts";
import { fillQuery } from "./prometheus-query.ts";

const at = "2026-01-05T12:00:00Z";
const minuteMs = 60_000;
const nowMs = Date.parse(at);
const { signal } = new AbortController();

/** These gates ask nobody. */
const ports = {} as GatePorts;

const promotion: Promotion = {
  name: "shop-prod-aaaaaaa",
  namespace: "argocd",
  uid: "p",
  resourceVersion: "1",
  createdAt: at,
  spec: {
    pipeline: "shop",
    stage: "prod",
    kind: "Promote",
    cause: "Person",
    revision: "a".repeat(40),
    requestedBy: { username: "ada" },
    requestedAt: at,
  },
  status: { plan: { digest: "sha256:plan", applications: [] } },
};

const pipeline = parsePipeline({
  apiVersion: "mooring.dev/v1alpha1",
  kind: "Pipeline",
  metadata: { name: "shop", namespace: "argocd" },
  spec: {
    repoURL: "https://git.example.com/shop.git",
    stages: [{ name: "prod", branch: "prod", applications: ["web"] }],
  },
});
const [stage = expect.fail("no stage")] = pipeline.stages;

async function look(kind: Gate["kind"], spec: GateSpec, more: Partial<GateContext> = {}) {
  return await evaluateGate(
    { name: kind, kind, timeoutMs: 60 * minuteMs, spec },
    {
      pipeline,
      stage,
      promotion,
      sinceMs: nowMs,
      healthySinceMs: undefined,
      before: undefined,
      clock: { now: () => nowMs },
      ports,
      signal,
      ...more,
    },
  );
}

describe("a soak", () => {
  it("passes when the revision was healthy for so long, and says until when it waits", async () => {
    const spec = { soak: "30m" };
    expect(await look("soak", spec)).toMatchObject({
      state: "Waiting",
      message: "waits until it is healthy, and has been for 30m",
    });
    expect(await look("soak", spec, { healthySinceMs: nowMs - 10 * minuteMs })).toEqual({
      state: "Waiting",
      message: "healthy since 2026-01-05T11:50:00Z, and has to be for 30m: until 2026-01-05T12:20:00Z",
      checkAgainMs: 20 * minuteMs,
    });
    expect(await look("soak", spec, { healthySinceMs: nowMs - 30 * minuteMs })).toMatchObject({
      state: "Passed",
    });
  });
});

describe("a window", () => {
  const window = { kind: "allow", schedule: "0 14 * * *", duration: "1h" } as const;

  it("lets through while an allow window is open or no deny window is, and says when that changes", async () => {
    const context = { sinceMs: nowMs + 2 * 60 * minuteMs };
    expect(await look("window", { window }, context)).toEqual({
      state: "Waiting",
      message: 'allow "0 14 * * *" for 1h (UTC) does not permit it, until 2026-01-05T14:00:00Z',
      checkAgainMs: 120 * minuteMs,
    });
    const open = { clock: { now: () => Date.parse("2026-01-05T14:30:00Z") }, ...context };
    expect(await look("window", { window }, open)).toMatchObject({ state: "Passed" });
    const deny = { ...window, kind: "deny" } as const;
    expect(await look("window", { window: deny }, open)).toMatchObject({ state: "Waiting" });
    expect(await look("window", { window: deny }, context)).toMatchObject({ state: "Passed" });
  });
});

describe("approvals", () => {
  const approve = (username: string) => ({ username, at, digest: "sha256:plan" });
  const with2 = { approvals: { required: 2, users: ["kim"], groups: ["ops"] } };

  it("say who approved, who does not count, who may and how", async () => {
    const status = { ...promotion.status, approvals: [approve("kim"), approve("ada")] };
    const { state, message } = await look("approvals", with2, { promotion: { ...promotion, status } });
    expect(state).toBe("Waiting");
    expect(message).toContain(
      "1 of 2 approvals by kim; an approval by ada does not count, because they asked for the promotion",
    );
    expect(message).toContain("may be given by kim, members of ops, but not by");
    expect(message).toContain("mooring promotion approve shop-prod-aaaaaaa");
  });

  it("are complete with as many people as are wanted, and may be waived for a rollback", async () => {
    const approvals = [approve("kim"), { ...approve("lee"), groups: ["ops"] }];
    const complete = { ...promotion, status: { ...promotion.status, approvals } };
    expect(await look("approvals", with2, { promotion: complete })).toEqual({
      state: "Passed",
      message: "approved by kim, lee",
    });
    const back = { ...promotion, spec: { ...promotion.spec, kind: "Rollback" as const } };
    expect(await look("approvals", with2, { promotion: back })).toMatchObject({ state: "Waiting" });
    const waived = { approvals: { required: 2, rollbacks: "waived" as const } };
    expect(await look("approvals", waived, { promotion: back })).toMatchObject({ state: "Passed" });
    expect(await look("approvals", waived)).toMatchObject({ state: "Waiting" });
  });
});

it("a gate that waits fails when its time is over, whatever it waits for, and is looked at then at the latest", async () => {
  const early = await look("soak", { soak: "30m" }, { sinceMs: nowMs - 50 * minuteMs });
  expect(early).toMatchObject({ state: "Waiting", checkAgainMs: 10 * minuteMs });
  const late = await look("soak", { soak: "30m" }, { sinceMs: nowMs - 60 * minuteMs });
  expect(late.state).toBe("Failed");
  expect(late.message).toBe(
    "gate soak waited since 2026-01-05T11:00:00Z, longer than its timeout of 1h: waits until it is healthy, and has been for 30m; promote aaaaaaa again, or give the gate more time by its field timeout",
  );
});

it("no name of a stage or a pipeline leaves the quotes of the query that it is put into", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('"', "'", "\\", "\n", "a", "}", "$stage") }), (name) => {
      const filled = fillQuery('up{stage="$stage"} > 1', { stage: name });
      expect(filled).toMatch(/^up\{stage="(?:[^"\\\n]|\\.)*"\} > 1$/u);
    }),
  );
});
