import { describe, expect, it } from "vitest";
import type { Clock } from "#runtime/clock.ts";
import { createPaint } from "../output/paint.ts";
import { createProgress, formatLive } from "../output/progress.ts";
import { createTestPorts } from "../testing.ts";
import { formatDetails } from "./app-details.ts";
import { sampleApp } from "./testdata/sample-app.ts";
import { formatTree } from "./tree.ts";
import type { TreeNode } from "./tree.ts";

const plain = createPaint(createTestPorts(), { isTTY: false, write: () => undefined }, undefined);
const windows = {
  state: "Sync Denied (opens at 2026-11-23T23:00:00Z)",
  assigned: ["deny:0 22 * * *:1h", "allow:0 2 3 3 3:1h"],
};
const nowMs = Date.parse("2026-11-23T20:31:00Z");
const clock: Clock = {
  now: () => nowMs,
  sleep: () => Promise.resolve(),
  after: (_ms, callback) => {
    callback();
    return { [Symbol.dispose]: () => undefined };
  },
};

describe("app get", () => {
  it("shows the application, its last operation, conditions and objects", () => {
    expect(
      formatDetails(sampleApp(), {
        showOperation: true,
        paint: plain,
        around: { windows, dependencies: [] },
      }),
    ).toMatchInlineSnapshot(`
      "Name:               argocd/web
      Project:            shop
      Server:             https://kubernetes.default.svc
      Namespace:          shop
      Source:
      - Repo:             https://git.example.com/shop.git
        Target:           main
        Path:             web
      SyncWindow:         Sync Denied (opens at 2026-11-23T23:00:00Z)
      Assigned Windows:   deny:0 22 * * *:1h,allow:0 2 3 3 3:1h
      Sync Policy:        Manual
      Sync Status:        OutOfSync from main (ccccccc)
      Health Status:      Progressing (1 of 2 updated)

      Operation:          Sync
      Sync Revision:      bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
      Phase:              Failed
      Start:              2026-11-23 20:30:00 +0000 UTC
      Finished:           2026-11-23 20:30:12 +0000 UTC
      Duration:           12s
      Message:            one or more objects failed to apply

      CONDITION              MESSAGE              LAST TRANSITION
      SharedResourceWarning  ConfigMap is shared  2026-11-23 20:30:12 +0000 UTC

      GROUP  KIND        NAMESPACE  NAME      STATUS     HEALTH       HOOK     MESSAGE
             ConfigMap   shop       settings  Synced
             Secret      shop       key       OutOfSync
      apps   Deployment  shop       web       OutOfSync  Progressing           field spec.selector is immutable
      batch  Job         shop       migrate   Succeeded               PreSync  done
      "
    `);
  });

  it("colours words of state and nothing else, and only on a terminal", () => {
    const terminal = { isTTY: true, write: () => undefined };
    const texts = [
      createPaint({ env: {} }, terminal, undefined)("green", "Synced"),
      createPaint({ env: { NO_COLOR: "1" } }, terminal, undefined)("green", "Synced"),
      createPaint({ env: {} }, terminal, "never")("green", "Synced"),
      createPaint({ env: {} }, { ...terminal, isTTY: false }, "always")("green", "Synced"),
    ];
    expect(texts).toEqual(["\u001B[32mSynced\u001B[0m", "Synced", "Synced", "\u001B[32mSynced\u001B[0m"]);
  });

  it("draws what objects own below them", () => {
    const leaf = {
      group: "",
      status: "",
      health: "",
      message: "",
      createdAt: undefined,
      uid: undefined,
      children: [],
    };
    const tree: TreeNode[] = [
      { ...leaf, kind: "ConfigMap", name: "settings", status: "Synced" },
      {
        ...leaf,
        kind: "Deployment",
        name: "web",
        status: "Synced",
        health: "Healthy",
        createdAt: "2026-11-23T20:30:00Z",
        children: [
          { ...leaf, kind: "ReplicaSet", name: "web-1" },
          {
            ...leaf,
            kind: "ReplicaSet",
            name: "web-2",
            children: [{ ...leaf, kind: "Pod", name: "web-2-a", message: "being deleted" }],
          },
        ],
      },
    ];
    expect(formatTree(tree, { detailed: true, paint: plain, nowMs })).toMatchInlineSnapshot(`
      "KIND/NAME           STATUS  HEALTH   AGE  MESSAGE
      ConfigMap/settings  Synced
      Deployment/web      Synced  Healthy  1m
      ├─ReplicaSet/web-1
      └─ReplicaSet/web-2
        └─Pod/web-2-a                           being deleted
      "
    `);
  });
});

describe("progress", () => {
  it("prints a line for each change where there is no terminal", () => {
    const ports = { ...createTestPorts(), clock };
    const progress = createProgress(ports, { paint: plain, verb: "sync", quiet: false });
    const app = sampleApp();
    progress.update(app);
    progress.update(app);
    const { status } = app;
    const resources = (status?.resources ?? []).map((one) =>
      one.name === "key" ? { ...one, status: "Synced" as const } : one,
    );
    progress.update({ ...app, status: { ...status, resources } });
    progress.close();
    expect(ports.printed()).toMatchInlineSnapshot(`
      "TIMESTAMP                 GROUP              KIND                     NAMESPACE            NAME                             STATUS       HEALTH       HOOK       MESSAGE
      2026-11-23T20:31:00Z                         ConfigMap                shop                 settings                         Synced
      2026-11-23T20:31:00Z                         Secret                   shop                 key                              OutOfSync
      2026-11-23T20:31:00Z      apps               Deployment               shop                 web                              OutOfSync    Progressing             field spec.selector is immutable
      2026-11-23T20:31:00Z      batch              Job                      shop                 migrate                          Succeeded                 PreSync    done
      2026-11-23T20:31:00Z                         Secret                   shop                 key                              Synced
      "
    `);
  });

  it("shows nothing of the operation before while another one waits to be taken up", () => {
    const waiting = sampleApp({ operation: { sync: { prune: true } } });
    const [head, ...lines] = formatLive(waiting, { paint: plain, verb: "sync", nowMs });
    expect(head).toBe("sync web  Pending  OutOfSync  Progressing");
    expect(lines.join("\n")).not.toMatch(/immutable|migrate/);
  });

  it("orders the live block by phase and wave", () => {
    expect(formatLive(sampleApp(), { paint: plain, verb: "sync", nowMs }).join("\n")).toMatchInlineSnapshot(`
      "sync web  Failed  12s  OutOfSync  Progressing  one or more objects failed to apply
        WAVE     KIND        NAMESPACE  NAME      STATUS     HEALTH       MESSAGE
        PreSync  Job         shop       migrate   Succeeded               done
        0        ConfigMap   shop       settings  Synced
        0        Secret      shop       key       OutOfSync
        1        Deployment  shop       web       OutOfSync  Progressing  field spec.selector is immutable"
    `);
  });

  it("draws the live block over itself, cut to the terminal, and in full at its end", () => {
    let screen = "";
    const stdout = { isTTY: true, columns: 40, rows: 5, write: (text: string) => void (screen += text) };
    const ports = { ...createTestPorts(), clock, stdout };
    const progress = createProgress(ports, { paint: plain, verb: "sync", quiet: false });
    progress.update(sampleApp());
    progress.close();
    expect(screen.replaceAll("\u001B", "ESC")).toMatchInlineSnapshot(`
      "ESC[2Ksync web  Failed  12s  OutOfSync  Progr
      ESC[2K  WAVE     KIND        NAMESPACE  NAME 
      ESC[2K  and 4 more
      ESC[0JESC[3FESC[2Ksync web  Failed  12s  OutOfSync  Progr
      ESC[2K  WAVE     KIND        NAMESPACE  NAME 
      ESC[2K  PreSync  Job         shop       migra
      ESC[2K  0        ConfigMap   shop       setti
      ESC[2K  0        Secret      shop       key  
      ESC[2K  1        Deployment  shop       web  
      ESC[0J"
    `);
  });
});
