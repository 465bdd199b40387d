import { describe, expect } from "vitest";
import type { Application } from "#core/app/index.ts";
import type { WaitingPlan } from "#core/approval/index.ts";
import { formatApproval, parseWaitingPlan, pinPlan } from "#core/approval/index.ts";
import { planDigest } from "#engine/plan-hash.ts";
import { formatTime } from "#runtime/clock.ts";
import type { TestApplication } from "./fixture.ts";
import { goingBack, held, impossible, provenGood } from "./rollback.ts";
import { argo, configMap, createApplication, it, job, newHub, plainIt } from "./fixture.ts";

const required = { "mooring.dev/require-approval": "true" };
const approvedPlan = "mooring.dev/approved-plan";
const annotations = { waiting: "mooring.dev/waiting-plan", refused: "mooring.dev/refused-plan" } as const;
const dayMs = 86_400_000;

function planIn({ metadata }: Application, name: "waiting" | "refused"): WaitingPlan | undefined {
  return parseWaitingPlan(metadata.annotations?.[annotations[name]], planDigest);
}

/** Waits until a plan waits that is not the one named. */
async function waitingPlan(app: TestApplication, not = ""): Promise<WaitingPlan> {
  const found = await app.waitFor((now) => {
    expect(planIn(now, "waiting")?.digest ?? not).not.toBe(not);
    expect(now.status?.conditions?.map(({ type }) => type)).toContain("ApprovalRequired");
  });
  const plan = planIn(found, "waiting");
  if (plan === undefined) throw new Error("no plan waits");
  return plan;
}

function approvalOf({ digest, plan }: WaitingPlan, givenMs = Date.now()): Record<string, string> {
  const [at, expires] = [formatTime(givenMs), formatTime(givenMs + dayMs)];
  return { [approvedPlan]: formatApproval({ digest, by: "grace", at, expires, plan }) };
}

async function approve(app: TestApplication, plan: WaitingPlan, givenMs?: number): Promise<void> {
  await app.patch({ metadata: { annotations: approvalOf(plan, givenMs) } });
}

function shown(app: TestApplication, text: string): string {
  return app
    .plain(text)
    .replaceAll(/sha256:[0-9a-f]{64}/gu, "<digest>")
    .replaceAll(/\b[0-9a-f]{7}\b/gu, "<short>");
}

async function conditions(app: TestApplication): Promise<readonly string[]> {
  return (await app.conditions()).map((line) => shown(app, line));
}

describe("an automated application that requires approval", () => {
  it("waits with its plan, says how to end that, and does what was approved, once", async ({ create }) => {
    const app = await create("approved", {
      annotations: required,
      automated: { prune: true },
      files: { "a.yaml": configMap("a"), "b.yaml": configMap("b") },
    });
    const first = await waitingPlan(app);
    expect(first.summary).toBe("2 to apply, 0 to prune, 0 left alone");
    expect(await conditions(app)).toEqual([
      "ApprovalRequired: Application/<hub>/<app>: a sync to <short> waits for approval of its plan since <time>: 2 to apply, 0 to prune, 0 left alone; see it with: mooring app get <app>, and approve it with: mooring app approve <app> <digest>",
    ]);
    expect(await app.live("configmaps/a")).toBeUndefined();
    await app.refresh();
    expect(planIn(await app.read(), "waiting")).toEqual(first);
    await approve(app, first);
    const done = await app.synced();
    expect(done.metadata.annotations).toEqual(required);
    expect(done.status?.operationState?.operation.info).toEqual([
      { name: "mooring.dev/plan", value: first.digest },
      { name: "mooring.dev/approved", value: expect.stringMatching(/^by grace at \d{4}-/u) as string },
    ]);
    expect(done.status?.history?.at(-1)?.initiatedBy).toEqual({ username: "grace", automated: true });
    expect(await app.conditions()).toEqual([]);

    await app.push({ "a.yaml": configMap("a"), "b.yaml": null, "c.yaml": configMap("c") });
    const second = await waitingPlan(app);
    expect(second.summary).toBe("1 to apply, 1 to prune, 1 left alone");
    expect(await app.live("configmaps/b")).toBeDefined();
  });

  it("does not do what was approved before something else would be done, and says what differs", async ({
    create,
  }) => {
    const app = await create("changed", {
      annotations: required,
      automated: true,
      files: { "a.yaml": configMap("a"), "b.yaml": configMap("b") },
    });
    const first = await waitingPlan(app);
    const commit = await app.commit({
      "a.yaml": configMap("a", { a: "1" }),
      "b.yaml": null,
      "c.yaml": configMap("c"),
    });
    await app.refresh();
    const second = await waitingPlan(app, first.digest);
    await approve(app, first);
    await app.waitFor(async () =>
      expect((await conditions(app)).join()).toContain(
        "the plan approved by grace at <time>, <digest>, is another one: ~ the revision: <commit>, now <commit>; ~ apply ConfigMap/<namespace>/a (Sync 0): what is sent changed; + apply ConfigMap/<namespace>/c (Sync 0); - apply ConfigMap/<namespace>/b (Sync 0); see it with",
      ),
    );
    expect(await app.live("configmaps/a")).toBeUndefined();
    await approve(app, second);
    expect((await app.synced()).status?.sync?.revision).toBe(commit);
  });

  it("does not use an approval that has expired or is of another day to come", async ({ create }) => {
    const app = await create("expired", {
      annotations: required,
      automated: true,
      files: { "a.yaml": configMap("a") },
    });
    const plan = await waitingPlan(app);
    for (const givenMs of [Date.now() - dayMs - 1_000, Date.now() + 2 * dayMs]) {
      await approve(app, plan, givenMs);
      await app.refresh();
      await app.waitFor(async () =>
        expect((await conditions(app)).join()).toContain(
          "the approval by grace at <time> has expired at <time> or was given in the future",
        ),
      );
    }
    expect(await app.live("configmaps/a")).toBeUndefined();
    await approve(app, plan);
    await app.synced();
  });

  it("waits with the undoing of drift, too, but for what is there where that is exempt", async ({
    create,
  }) => {
    const files = { "a.yaml": configMap("a", { color: "blue" }), "b.yaml": configMap("b") };
    const automated = { selfHeal: true, prune: true };
    const [strict, lenient] = await Promise.all([
      create("strict", { annotations: required, automated, files }),
      create("lenient", {
        annotations: { "mooring.dev/require-approval": "except-self-heal" },
        automated,
        files,
      }),
    ]);
    for (const app of [strict, lenient]) {
      await approve(app, await waitingPlan(app));
      await app.synced();
      await app.patchLive("configmaps/a", { data: { color: "red" } });
    }
    const waits = await waitingPlan(strict);
    expect(waits.plan?.entries.map(({ verb, key }) => `${verb} ${key}`)).toEqual([
      `apply /ConfigMap/${strict.namespace}/a`,
    ]);
    await lenient.waitFor(async () =>
      expect(await lenient.live("configmaps/a")).toMatchObject({ data: { color: "blue" } }),
    );
    await lenient.synced();
    expect(await strict.live("configmaps/a")).toMatchObject({ data: { color: "red" } });
    await approve(strict, waits);
    await strict.synced();
    await lenient.removeLive("configmaps/b");
    const gone = await waitingPlan(lenient);
    expect(gone.plan?.entries.map(({ verb, key }) => `${verb} ${key}`)).toEqual([
      `apply /ConfigMap/${lenient.namespace}/b`,
    ]);
    await approve(lenient, gone);
    await lenient.synced();
  });
});

describe("a rollback that has to be approved", () => {
  it("waits for approval again, and is not given up, when the plan approved is not what it would do any more", async ({
    create,
  }) => {
    const settings = goingBack();
    const app = await create("reapproved", {
      ...settings,
      annotations: { ...settings.annotations, ...required },
    });
    await approve(app, await waitingPlan(app));
    await app.synced();
    await provenGood(app);
    await app.commit({ "a.yaml": configMap("a", { k: "bad" }), "b.yaml": impossible });
    await app.refresh();
    await approve(app, await waitingPlan(app));
    const { to } = await held(app, "pending");
    const waiting = await waitingPlan(app);

    const rollback = pinPlan(
      { info: [{ name: "rollback", value: "from bad to good: it failed" }] },
      `sha256:${"0".repeat(64)}`,
    );
    await app.startSync(
      { revision: to.revisions[0] ?? "" },
      { ...rollback, initiatedBy: { automated: true } },
    );
    await app.waitFor(({ operation, status }) => {
      expect(operation).toBeUndefined();
      expect(status?.operationState?.message).toMatch(/^cannot sync: .*nobody has approved/u);
    });
    await held(app, "pending");
    await approve(app, await waitingPlan(app));
    expect(waiting.summary).toBe("1 to apply, 0 to prune, 0 left alone");
    await held(app, "done");
    expect((await app.live("configmaps/a"))?.["data"]).toEqual({ k: "good" });
  });
});

describe("a sync that a person starts", () => {
  it("is refused without an approved plan, and does that plan once it is approved", async ({ create }) => {
    const app = await create("manual", { annotations: required, files: { "a.yaml": configMap("a") } });
    expect(shown(app, await app.sync())).toBe(
      "Failed: cannot sync: a sync of this application needs an approved plan; what it would do now is <digest>; see it with: mooring app get <app>, and approve it with: mooring app approve <app> <digest>",
    );
    const refused = planIn(await app.read(), "refused");
    if (refused === undefined) throw new Error("no plan was refused");
    expect(await app.sync({ dryRun: true })).toMatch(/^Succeeded/u);
    expect(await app.live("configmaps/a")).toBeUndefined();

    const pinned = pinPlan({}, refused.digest);
    const begin = async (more: Record<string, unknown> = {}) => {
      await app.patch({ operation: { sync: {}, initiatedBy: { username: "ada" }, ...pinned }, ...more });
      const ended = await app.waitFor(({ operation, status }) => {
        expect(operation).toBeUndefined();
        expect(status?.operationState?.operation.info).toEqual(pinned.info);
        expect(status?.operationState?.finishedAt).toBeDefined();
      });
      return shown(app, ended.status?.operationState?.message ?? "");
    };
    expect(await begin()).toContain("nobody has approved <digest>, or it was used or has expired");
    expect(await begin({ metadata: { annotations: approvalOf(refused) } })).toBe(
      "successfully synced (all tasks run)",
    );
    expect((await app.read()).metadata.annotations).toEqual(required);
    await app.removeLive("configmaps/a");
    expect(await begin()).toContain("nobody has approved <digest>, or it was used or has expired");
    expect(await app.live("configmaps/a")).toBeUndefined();
  });

  it("of one plan alone does no other, where nothing has to be approved", async ({ create }) => {
    const app = await create("pinned", { files: { "a.yaml": configMap("a") } });
    const other = pinPlan({}, `sha256:${"0".repeat(64)}`);
    await app.startSync({}, other);
    const refused = await app.waitFor(({ status }) =>
      expect(shown(app, status?.operationState?.message ?? "")).toBe(
        "cannot sync: the plan, <digest>, is not what would be done now: what differs is not known, because nothing but the digest was kept; what would be done now is <digest>; see it with: mooring app get <app>, and approve it with: mooring app approve <app> <digest>",
      ),
    );
    const digest = planIn(refused, "refused")?.digest ?? "";
    await app.startSync({}, pinPlan({}, digest));
    const done = await app.synced();
    expect(done.status?.operationState?.operation.info).toEqual(pinPlan({}, digest).info);
    expect(planIn(done, "refused")).toBeUndefined();
  });
});

describe("a project", () => {
  it("requires approval whatever its applications say, and its word has to be one that is known", async ({
    hub,
    create,
  }) => {
    const project = async (name: string, requireApproval: string) =>
      hub.create({
        apiVersion: "argoproj.io/v1alpha1",
        kind: "AppProject",
        metadata: { name, annotations: { "mooring.dev/require-approval": requireApproval } },
        spec: { sourceRepos: ["*"], destinations: [{ server: "*", namespace: "*" }] },
      });
    await project("guarded", "true");
    await project("misspelt", "yes");
    const settings = {
      annotations: { "mooring.dev/require-approval": "false" },
      automated: true,
      files: { "a.yaml": configMap("a") },
    };
    const guarded = await create("guarded", { ...settings, spec: { project: "guarded" } });
    await waitingPlan(guarded);
    expect(await guarded.live("configmaps/a")).toBeUndefined();
    const misspelt = await create("misspelt", { ...settings, spec: { project: "misspelt" } });
    await misspelt.waitFor(async () =>
      expect(await misspelt.conditions()).toEqual([
        'InvalidSpecError: Application/<hub>/<app>: AppProject misspelt: annotation mooring.dev/require-approval is "yes"; write true, except-self-heal or false',
      ]),
    );
  });
});

describe("an approval", () => {
  plainIt("survives a restart, before it is used and while it is", async ({ onTestFinished }) => {
    const hub = await newHub({ onTestFinished });
    const hook = job("first", "sleep 4", { annotations: argo({ hook: "PreSync" }) });
    const app = await createApplication(hub, "restarted", {
      annotations: required,
      automated: true,
      files: { "a.yaml": [hook, configMap("a")] },
    });
    await hub.start();
    const plan = await waitingPlan(app);
    await hub.stop();
    await approve(app, plan);
    await hub.start();
    await app.waitFor(({ status }) =>
      expect(status?.operationState).toMatchObject({
        phase: "Running",
        message: expect.stringContaining("hook batch/Job/first") as string,
      }),
    );
    await hub.stop();
    expect((await app.read()).metadata.annotations?.[approvedPlan]).toContain('"usedAt"');
    expect(await app.live("configmaps/a")).toBeUndefined();
    await hub.start();
    const done = await app.synced();
    expect(done.metadata.annotations).toEqual(required);
    expect(done.status?.history).toHaveLength(1);
  });

  plainIt(
    "that was taken back while its sync was interrupted does not let that go on",
    async ({ onTestFinished }) => {
      const hub = await newHub({ onTestFinished });
      const hook = job("first", "sleep infinity", { annotations: argo({ hook: "PreSync" }) });
      const app = await createApplication(hub, "revoked", {
        annotations: required,
        automated: true,
        files: { "a.yaml": [hook, configMap("a")] },
      });
      await hub.start();
      await approve(app, await waitingPlan(app));
      await app.waitFor(({ status }) =>
        expect(status?.operationState?.message).toContain("hook batch/Job/first"),
      );
      await hub.stop();
      await app.patch({ metadata: { annotations: { [approvedPlan]: null } } });
      await hub.start();
      const ended = await app.waitFor(({ status }) => expect(status?.operationState?.phase).toBe("Failed"));
      expect(ended.status?.operationState?.message).toContain("nobody has approved sha256:");
      expect(await app.live("configmaps/a")).toBeUndefined();
    },
  );
});
