import { randomBytes } from "node:crypto";
import { describe, expect } from "vitest";
import type { AppProjectSpec } from "#core/project/index.ts";
import { formatTime } from "#runtime/clock.ts";
import { callApi, configMap, newHub, plainIt as it, type TestHub } from "./fixture.ts";
import { createLeapingClock, type LeapingClock } from "./leaping-clock.ts";

type Windows = NonNullable<AppProjectSpec["syncWindows"]>;

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const permissive = { sourceRepos: ["*"], destinations: [{ server: "*", namespace: "*" }] };

async function createProject(hub: TestHub, name: string, syncWindows: Windows): Promise<void> {
  await hub.create({
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AppProject",
    metadata: { name },
    spec: { ...permissive, syncWindows },
  });
}

async function changeWindows(hub: TestHub, name: string, syncWindows: Windows): Promise<void> {
  await callApi(hub.access, {
    method: "PATCH",
    path: `/apis/argoproj.io/v1alpha1/namespaces/${hub.namespace}/appprojects/${name}`,
    contentType: "application/merge-patch+json",
    body: { spec: { syncWindows } },
  });
}

/** Nobody looks at an application but for a reason. */
async function neverPoll(hub: TestHub): Promise<void> {
  await hub.create({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "argocd-cm", labels: { "app.kubernetes.io/part-of": "argocd" } },
    data: { "timeout.reconciliation": "0" },
  });
}

/** A schedule that fires every day at the minute of a moment. */
function dailyAt(ms: number): string {
  const date = new Date(ms);
  return `${date.getUTCMinutes()} ${date.getUTCHours()} * * *`;
}

/** The beginning of the minute that is so many away. */
function minuteAfter(clock: LeapingClock, minutes: number): number {
  return (Math.floor(clock.now() / minuteMs) + minutes) * minuteMs;
}

const everywhere = { applications: ["*"] };

describe("a sync window", () => {
  it("keeps automated syncs from beginning, says until when, and has them begin when it opens, without polling", async ({
    onTestFinished,
  }) => {
    const hub = await newHub({ onTestFinished });
    const clock = createLeapingClock();
    const start = minuteAfter(clock, -5);
    const window = { kind: "deny", schedule: dailyAt(start), duration: "2h", ...everywhere };
    await neverPoll(hub);
    await createProject(hub, "frozen", [window]);
    await hub.start({ clock });
    const app = await hub.app("frozen", {
      spec: { project: "frozen" },
      automated: true,
      files: { "a.yaml": configMap("a") },
    });
    const opens = start + 2 * hourMs;
    const blocked = `SyncWindowWarning: Application/<hub>/<app>: automated sync is blocked by sync window: deny "${window.schedule}" for 2h, spec.syncWindows[0] of AppProject frozen, is active; opens at `;
    await app.waitFor(async ({ status }) => {
      expect(status?.conditions?.map(({ message }) => message).join()).toContain(formatTime(opens));
      expect(await app.conditions()).toEqual([`${blocked}<time>`]);
    });
    expect(await app.state()).toBe("OutOfSync Missing");
    clock.leap(opens - clock.now() - 30_000);
    await app.refresh();
    expect(await app.conditions()).toEqual([`${blocked}<time>`]);
    expect(await app.live("configmaps/a")).toBeUndefined();
    clock.leap(31_000);
    await app.synced();
    expect(await app.conditions()).toEqual([]);
    expect(await app.live("configmaps/a")).toBeDefined();
  });

  it("refuses people at once, and lets them through when it says manualSync", async ({ onTestFinished }) => {
    const hub = await newHub({ onTestFinished });
    const clock = createLeapingClock();
    const window = {
      kind: "allow",
      schedule: dailyAt(minuteAfter(clock, 60)),
      duration: "1h",
      ...everywhere,
    };
    await createProject(hub, "office", [window]);
    await hub.start({ clock });
    const app = await hub.app("office", {
      spec: { project: "office" },
      files: { "a.yaml": configMap("a") },
    });
    const refused = `Failed: cannot sync: blocked by sync window: no allow window is active: allow "${window.schedule}" for 1h, spec.syncWindows[0] of AppProject office; opens at <time>; wait until then, or set manualSync: true in that window`;
    expect(await app.sync()).toBe(refused);
    expect(await app.sync({ dryRun: true })).toMatch(/^Succeeded/u);
    expect(await app.live("configmaps/a")).toBeUndefined();
    await changeWindows(hub, "office", [{ ...window, manualSync: true }]);
    await app.waitFor(async () => expect(await app.sync()).toMatch(/^Succeeded/u));
    expect(await app.live("configmaps/a")).toBeDefined();
  });

  it("lets the automated sync of a revision begin that somebody was refused before", async ({
    onTestFinished,
  }) => {
    const hub = await newHub({ onTestFinished });
    const clock = createLeapingClock();
    const start = minuteAfter(clock, 60);
    await createProject(hub, "later", [
      { kind: "allow", schedule: dailyAt(start), duration: "1h", ...everywhere },
    ]);
    await hub.start({ clock });
    const app = await hub.app("later", {
      spec: { project: "later" },
      automated: true,
      files: { "a.yaml": configMap("a") },
    });
    const revision = await app.repository.git("rev-parse", "main");
    expect(await app.sync({ revision })).toMatch(/^Failed: cannot sync: blocked by sync window/u);
    clock.leap(start - clock.now() + 1_000);
    await app.synced();
  });

  it("that closes on a sync holds it as it stands, unless it says syncOverrun, until one opens", async ({
    onTestFinished,
  }) => {
    const hub = await newHub({ onTestFinished });
    const clock = createLeapingClock();
    const start = minuteAfter(clock, -30);
    const window = { kind: "allow", schedule: dailyAt(start), duration: "1h", ...everywhere };
    await neverPoll(hub);
    await createProject(hub, "short", [window]);
    await createProject(hub, "long", [{ ...window, syncOverrun: true }]);
    await hub.start({ clock });
    const balancer = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "a" },
      spec: { type: "LoadBalancer", ports: [{ port: 80 }] },
    };
    const last = configMap("b", {}, { annotations: { "argocd.argoproj.io/sync-wave": "1" } });
    const files = { "a.yaml": balancer, "b.yaml": last };
    const [held, overrun] = await Promise.all(
      ["short", "long"].map((project) => hub.app(project, { spec: { project }, automated: true, files })),
    );
    if (held === undefined || overrun === undefined) throw new Error("there are no applications");
    for (const app of [held, overrun]) {
      await app.waitFor(({ status }) => {
        expect(status?.operationState?.phase).toBe("Running");
        expect(status?.operationState?.message).toMatch(/waiting/u);
      });
    }
    clock.leap(start + hourMs - clock.now() + 1_000);
    await held.waitFor(({ status, operation }) => {
      expect(operation).toBeDefined();
      expect(status?.operationState?.phase).toBe("Running");
      expect(held.plain(status?.operationState?.message ?? "")).toBe(
        `sync operation blocked by sync window: no allow window is active: allow "${window.schedule}" for 1h, spec.syncWindows[0] of AppProject short; opens at <time>. Before that: waiting for healthy state of Service/a in Sync wave 0, step 1 of 2, since <time>`,
      );
    });
    const ready = { status: { loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } } };
    for (const app of [held, overrun])
      await app.patchLive(`/api/v1/namespaces/${app.namespace}/services/a/status`, ready);
    await overrun.synced();
    expect(await held.live("configmaps/b")).toBeUndefined();
    expect((await held.status()).operationState?.phase).toBe("Running");
    clock.leap(start + 24 * hourMs - clock.now() + 1_000);
    await held.synced();
    expect((await held.status()).operationState?.phase).toBe("Succeeded");
    expect((await held.status()).history).toHaveLength(1);
  });

  it("that closes between two attempts has the next one wait until it opens", async ({ onTestFinished }) => {
    const hub = await newHub({ onTestFinished });
    const clock = createLeapingClock();
    const start = minuteAfter(clock, -55);
    await neverPoll(hub);
    await createProject(hub, "retried", [
      { kind: "allow", schedule: dailyAt(start), duration: "1h", ...everywhere },
    ]);
    await hub.start({ clock });
    const namespace = `late-${randomBytes(4).toString("hex")}`;
    const retry = { limit: 3, backoff: { duration: "10m", factor: 1, maxDuration: "10m" } };
    const app = await hub.app("retried", {
      namespace,
      spec: { project: "retried", syncPolicy: { retry } },
      automated: true,
      files: { "a.yaml": configMap("a") },
    });
    const messageOf = async () => (await app.status()).operationState?.message ?? "";
    await app.waitFor(async () => expect(await messageOf()).toMatch(/ Retrying attempt #1 at \S+\.$/u));
    const attempt = await messageOf();
    clock.leap(start + hourMs - clock.now() + 1_000);
    await app.waitFor(async () =>
      expect(await messageOf()).toMatch(/^sync operation blocked by sync window: no allow window is active/u),
    );
    expect((await messageOf()).endsWith(`. Before that: ${attempt}`)).toBe(true);
    const path = "/api/v1/namespaces";
    await callApi(hub.access, { method: "POST", path, body: { metadata: { name: namespace } } });
    clock.leap(20 * minuteMs);
    await app.refresh();
    expect((await app.status()).operationState?.phase).toBe("Running");
    expect(await app.live("configmaps/a")).toBeUndefined();
    clock.leap(start + 24 * hourMs - clock.now() + 1_000);
    await app.synced();
    expect((await app.status()).operationState?.retryCount).toBe(1);
    await callApi(hub.access, { method: "DELETE", path: `${path}/${namespace}` });
  });

  it("whose day never comes blocks the applications of its project, and no others", async ({
    onTestFinished,
  }) => {
    const hub = await newHub({ onTestFinished });
    const window = { kind: "allow", schedule: "0 0 30 2 *", duration: "1h", ...everywhere };
    await createProject(hub, "never", [window]);
    await createProject(hub, "fine", []);
    await hub.start();
    const settings = { automated: true, files: { "a.yaml": configMap("a") } };
    const [never, fine] = await Promise.all([
      hub.app("never", { ...settings, spec: { project: "never" } }),
      hub.app("fine", { ...settings, spec: { project: "fine" } }),
    ]);
    await fine.synced();
    const problem =
      'AppProject/<hub>/<app>: spec.syncWindows[0].schedule is "0 0 30 2 *": no month that it names has a day 30, so it never comes; correct the day or the month';
    await never.waitFor(async () => {
      const conditions = await never.conditions();
      expect(conditions).toEqual([`InvalidSpecError: ${problem.replace("<app>", "never")}`]);
    });
    expect(await never.live("configmaps/a")).toBeUndefined();
    await changeWindows(hub, "never", [{ ...window, schedule: "* * * * *" }]);
    await never.synced();
  });
});
