import { describe, expect, it } from "vitest";
import type { Application } from "../application-query.ts";
import { headlineOf, nameOf } from "./headline.ts";

const revision = "6d77c03d94d2b2082549582a9d43aac4b7e4e323";
const nowMs = Date.parse("2026-12-01T12:00:00Z");
const commit = {
  author: "Ada Lovelace <ada@example.com>",
  date: "2026-12-01T10:00:00Z",
  message: "The shop",
};

type Status = NonNullable<Application["status"]>;

interface Given {
  readonly status?: Status;
  readonly automated?: NonNullable<NonNullable<Application["spec"]>["syncPolicy"]>["automated"];
  readonly rest?: Partial<Application>;
}

function app({ status, automated, rest = {} }: Given): Application {
  return {
    metadata: { name: "web", namespace: "argocd" },
    spec: { project: "default", ...(automated === undefined ? {} : { syncPolicy: { automated } }) },
    ...(status === undefined ? {} : { status }),
    ...rest,
  };
}

function say(given: Given, windows?: Parameters<typeof headlineOf>[0]["windows"]): string {
  return headlineOf({ app: app(given), commit, windows, nowMs });
}

const synced: Status = { sync: { status: "Synced", revision }, health: { status: "Healthy" } };
const different: Status = {
  sync: { status: "OutOfSync", revision },
  health: { status: "Healthy" },
  history: [{ id: 0, revision }],
  resources: [
    { kind: "ConfigMap", name: "a", status: "OutOfSync" },
    { kind: "ConfigMap", name: "b", status: "Synced" },
  ],
};
const deny = { kind: "deny", schedule: "0 9 * * *", duration: "8h", manualSync: false };
const denied = { activeWindows: [deny], assignedWindows: [deny], canSync: false };

describe("the sentence about an application that is as Git says", () => {
  it("names the revision, who wrote it, how old it is, and who deploys the next", () => {
    expect(say({ status: synced, automated: { selfHeal: true } })).toBe(
      "Revision 6d77c03 by Ada Lovelace, 2h ago, is deployed and healthy; new commits are deployed and changes in the cluster undone by themselves.",
    );
    expect(say({ status: synced })).toBe(
      "Revision 6d77c03 by Ada Lovelace, 2h ago, is deployed and healthy; new commits wait for somebody to sync them.",
    );
  });

  it("says what is not well, why, and for how long", () => {
    const status: Status = {
      ...synced,
      health: { status: "Degraded", lastTransitionTime: "2026-12-01T11:55:00Z" },
      resources: [
        {
          kind: "Deployment",
          name: "web",
          health: { status: "Degraded", message: "progress deadline exceeded" },
        },
        { kind: "Pod", name: "x", health: { status: "Degraded" } },
      ],
    };
    expect(say({ status, automated: {} })).toContain(
      "is deployed but degraded: Deployment web (progress deadline exceeded) and 1 more, for 5 min;",
    );
  });

  it("says that automation which is switched off deploys nothing", () => {
    expect(say({ status: synced, automated: { enabled: false } })).toContain(
      "wait for somebody to sync them",
    );
  });

  it("says that a window holds new commits back", () => {
    expect(say({ status: synced, automated: {} }, denied)).toContain(
      'new commits wait, because the sync window deny "0 9 * * *" for 8h forbids syncs now.',
    );
  });

  it("says until when a window holds new commits back, and from when on one will", () => {
    const until = { automatedTurnsAt: "2026-12-01T14:00:00Z", manualTurnsAt: "2026-12-03T14:00:00Z" };
    expect(say({ status: synced, automated: {} }, { ...denied, ...until })).toMatch(
      /new commits wait until \d\d:00 \(in 2 h\), because the sync window deny/u,
    );
    expect(say({ status: synced }, { ...denied, ...until })).toMatch(
      /wait for somebody to sync them, which the sync window deny .* forbids until Thu 3 Dec, \d\d:00 \(in 2 d 2 h\)\.$/u,
    );
    const open = { assignedWindows: [deny], canSync: true, ...until };
    expect(say({ status: synced, automated: {} }, open)).toMatch(
      /by themselves, until a sync window forbids that from \d\d:00 \(in 2 h\) on\.$/u,
    );
    const later = { ...open, automatedTurnsAt: until.manualTurnsAt };
    expect(say({ status: synced, automated: {} }, later)).toMatch(/by themselves\.$/u);
  });

  it("says that an allow window which is not open holds them back, and one that is open does not", () => {
    const allow = { ...deny, kind: "allow" };
    const closed = { activeWindows: [], assignedWindows: [allow], canSync: false };
    const open = { activeWindows: [allow], assignedWindows: [allow], canSync: true };
    expect(say({ status: synced, automated: {} }, closed)).toContain("new commits wait");
    expect(say({ status: synced, automated: {} }, open)).toContain("new commits are deployed by themselves");
  });
});

describe("the sentence about an application that differs from Git", () => {
  it("says how much differs and that a person has to sync it", () => {
    expect(say({ status: different })).toBe(
      "Revision 6d77c03 by Ada Lovelace, 2h ago, and the cluster differ in 1 object; it waits for somebody to sync it.",
    );
    expect(say({ status: different }, denied)).toContain(
      "it waits for somebody to sync it, which the sync window",
    );
  });

  it("says what was deployed last where that is another revision", () => {
    const status: Status = { ...different, history: [{ id: 0, revision: "0".repeat(40) }] };
    expect(say({ status })).toContain("and the cluster (0000000 was deployed last) differ in 1 object;");
  });

  it("says when nothing was ever deployed", () => {
    const status: Status = { ...different, history: [] };
    expect(say({ status, automated: {} })).toBe(
      "Revision 6d77c03 by Ada Lovelace, 2h ago, is not deployed yet; it is synced by itself any moment.",
    );
  });

  it("says that it waits for approval, without the commands", () => {
    const message =
      "Application/argocd/web: a sync to 6d77c03 waits for approval of its plan since 2026-12-01T04:34:20Z: 3 to apply; see it with: mooring app get web, and approve it with: mooring app approve web sha256:0b";
    const status: Status = { ...different, conditions: [{ type: "ApprovalRequired", message }] };
    expect(say({ status, automated: {} })).toContain(
      "; a sync to 6d77c03 waits for approval of its plan for 7 h: 3 to apply.",
    );
  });

  it("says that what is left to prune is not pruned by itself", () => {
    const status: Status = {
      ...different,
      resources: [{ kind: "ConfigMap", name: "a", status: "OutOfSync", requiresPruning: true }],
    };
    expect(say({ status, automated: {} })).toContain(
      "differ in 1 object, 1 of which Git does not have any more;",
    );
    expect(say({ status, automated: {} })).toContain("sync with prune to delete them");
    expect(say({ status, automated: { prune: true } })).toContain("synced by itself any moment");
  });

  it("says that a revision which failed is not tried again, and why it failed", () => {
    const operationState = {
      phase: "Failed",
      message: "one or more objects failed to apply",
      finishedAt: "2026-12-01T11:58:00Z",
      syncResult: { revision },
    };
    expect(say({ status: { ...different, operationState }, automated: {} })).toContain(
      "this revision is not tried again by itself: the last sync failed 2m ago (one or more objects failed to apply).",
    );
  });

  it("says that drift stays where self-heal is off", () => {
    const operationState = { phase: "Succeeded", syncResult: { revision } };
    expect(say({ status: { ...different, operationState }, automated: {} })).toContain("self-heal is off");
    expect(say({ status: { ...different, operationState }, automated: { selfHeal: true } })).toContain(
      "any moment",
    );
  });
});

describe("the sentence about a sync", () => {
  const running = (message: string): Status => ({
    ...different,
    operationState: {
      phase: "Running",
      message,
      startedAt: "2026-12-01T11:59:20Z",
      operation: { sync: { revision }, initiatedBy: { username: "grace" } },
    },
  });

  it("says who started it, for how long it has been running, and what it waits for", () => {
    expect(say({ status: running("waiting for completion of hook batch/Job/migrate") })).toBe(
      "A sync to 6d77c03, started by grace, has been running for 40 s; it is waiting for completion of hook batch/Job/migrate.",
    );
  });

  it("leaves out what one would type, for which there are buttons", () => {
    const since = "since 2026-12-01T11:59:50Z";
    const stop = "to stop it run: mooring app terminate-op web";
    expect(
      say({ status: running(`waiting for completion of hook batch/Job/m, ${since}; ${stop}`) }),
    ).toContain("; it is waiting for completion of hook batch/Job/m, for 10 s.");
    const approve =
      "to approve it run: mooring app confirm-deletion web (or set annotation x of the Application)";
    expect(
      say({
        status: running(`waiting for pruning confirmation of ConfigMap/a; ${approve}, ${since}; ${stop}`),
      }),
    ).toContain("; it is waiting for pruning confirmation of ConfigMap/a, for 10 s.");
  });

  it("says when it is tried again", () => {
    const message = "one or more objects failed to apply. Retrying attempt #2 at 2026-12-01T12:00:20Z.";
    expect(say({ status: running(message) })).toBe(
      "A sync to 6d77c03, started by grace, failed (one or more objects failed to apply); retry 2 begins in 20 s.",
    );
  });

  it("says that a window holds it", () => {
    const message =
      'sync operation blocked by sync window: deny "0 9 * * *" for 8h, is active; opens at 2026-12-01T17:00:00Z. Before that: waiting';
    expect(say({ status: running(message) })).toMatch(
      /; it waits, because of a sync window: deny "0 9 \* \* \*" for 8h, is active; opens at \d\d:00 \(in 5 h\)\.$/u,
    );
  });

  it("says that it was asked for and has not begun", () => {
    const operation = { sync: { dryRun: true }, initiatedBy: { username: "grace" } };
    expect(say({ status: synced, rest: { operation } })).toBe(
      "A dry run to 6d77c03 was asked for by grace; it begins any moment.",
    );
  });
});

describe("the sentence about an application", () => {
  it("whose source cannot be read says why", () => {
    const conditions = [
      { type: "ComparisonError", message: `nowhere: app path does not exist in revision ${revision}` },
    ];
    expect(say({ status: { sync: { status: "Unknown" }, conditions } })).toContain(
      "cannot be compared with the cluster: nowhere: app path does not exist in revision 6d77c03;",
    );
  });

  it("that nobody looked at yet says so", () => {
    expect(say({})).toContain("Nothing is known of it yet");
  });

  it("that is being deleted says what it waits for, whatever else is so", () => {
    const metadata = {
      name: "web",
      namespace: "argocd",
      deletionTimestamp: "2026-12-01T11:59:00Z",
      finalizers: ["resources-finalizer.argocd.argoproj.io"],
    };
    expect(say({ status: different, rest: { metadata } })).toBe(
      "Its deletion has been under way for 1 min; it waits until 2 objects that it deployed are gone.",
    );
    expect(say({ status: different, rest: { metadata: { ...metadata, finalizers: [] } } })).toContain(
      "what it deployed stays in the cluster",
    );
  });
});

describe("the name of an author", () => {
  it("is shown without the address", () => {
    expect(nameOf("Ada Lovelace <ada@example.com>")).toBe("Ada Lovelace");
    expect(nameOf("<ada@example.com>")).toBe("<ada@example.com>");
  });
});
