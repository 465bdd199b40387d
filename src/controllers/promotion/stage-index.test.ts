import { expect, it } from "vitest";
import { appKey } from "#core/app/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { judgeBefore } from "#core/promotion/sync-gate.ts";
import type { Log } from "#runtime/log.ts";
import { createLog } from "#runtime/log.ts";
import { StageIndex } from "./stage-index.ts";

const web = appKey("argocd", "web");

function pipeline(
  name: string,
  spec: JsonObject = {},
  more: { namespace?: string; status?: JsonObject } = {},
): KubeObject {
  const { namespace = "argocd", status = {} } = more;
  const stages = [{ name: "prod", branch: "prod", applications: ["argocd/web"] }];
  return {
    apiVersion: "mooring.dev/v1alpha1",
    kind: "Pipeline",
    metadata: { name, namespace, uid: name },
    spec: { repoURL: "https://git.example.com/shop.git", stages, ...spec },
    status,
  };
}

function promotion(name: string, phase: string): KubeObject {
  return {
    apiVersion: "mooring.dev/v1alpha1",
    kind: "Promotion",
    metadata: { name, namespace: "argocd", uid: name, creationTimestamp: "2026-01-01T00:00:00Z" },
    spec: {
      pipeline: "shop",
      stage: "prod",
      kind: "Promote",
      cause: "Person",
      revision: "a".repeat(40),
      requestedBy: { username: "kim" },
      requestedAt: "2026-01-01T00:00:00Z",
    },
    status: { phase },
  };
}

function startIndex() {
  const woken: string[] = [];
  const lines: string[] = [];
  const log: Log = createLog({
    level: "warn",
    format: "text",
    write: (line) => void lines.push(line),
    now: () => 0,
  });
  const index = new StageIndex({ namespace: "argocd", wake: (key) => void woken.push(key), log });
  const wokenBy = (before: KubeObject | undefined, after: KubeObject | undefined): readonly string[] => {
    woken.length = 0;
    index.notice(before, after);
    return [...woken];
  };
  const claims = (app = web, project?: string): readonly string[] =>
    index
      .claimsOf(app, project)
      .map(
        (claim) =>
          `${claim.pipeline.name}/${claim.stage.name} ${claim.promotions.map(({ name }) => name).join()}`,
      );
  return { index, wokenBy, claims, lines };
}

it("knows an Application's stages as Pipelines come, change and go, and wakes whom it concerns", () => {
  const { wokenBy, claims } = startIndex();
  expect(claims()).toEqual([]);
  const first = pipeline("shop");
  expect(wokenBy(undefined, first)).toEqual([web]);
  expect(claims()).toEqual(["shop/prod "]);
  const moved = pipeline("shop", { stages: [{ name: "prod", branch: "prod", applications: ["api"] }] });
  expect(wokenBy(first, moved)).toEqual([web, "argocd/api"]);
  expect(claims()).toEqual([]);
  expect(claims(appKey("argocd", "api"))).toEqual(["shop/prod "]);
  expect(wokenBy(moved, undefined)).toEqual(["argocd/api"]);
  expect(claims(appKey("argocd", "api"))).toEqual([]);
});

it("wakes nobody for what a Pipeline's status says that no sync depends on", () => {
  const { wokenBy } = startIndex();
  const before = pipeline("shop");
  wokenBy(undefined, before);
  const asked = pipeline(
    "shop",
    {},
    { status: { askedAt: "2026-01-01T00:00:00Z", stages: [{ name: "prod", tip: "b" }] } },
  );
  wokenBy(before, asked);
  const again = pipeline(
    "shop",
    {},
    { status: { askedAt: "2026-01-02T00:00:00Z", stages: [{ name: "prod", tip: "c" }] } },
  );
  expect(wokenBy(asked, again)).toEqual([]);
  const content = pipeline("shop", {}, { status: { stages: [{ name: "prod", content: "d" }] } });
  expect(wokenBy(again, content)).toEqual([web]);
});

it("keeps the promotions of each stage, and wakes its Applications when one is let through or taken away", () => {
  const { wokenBy, claims } = startIndex();
  const waiting = promotion("shop-prod-1", "Waiting");
  // It may be seen before its Pipeline is.
  expect(wokenBy(undefined, waiting)).toEqual([]);
  wokenBy(undefined, pipeline("shop"));
  expect(claims()).toEqual(["shop/prod shop-prod-1"]);
  const applying = promotion("shop-prod-1", "Applying");
  expect(wokenBy(waiting, applying)).toEqual([web]);
  expect(wokenBy(applying, promotion("shop-prod-1", "Applying"))).toEqual([]);
  expect(wokenBy(applying, undefined)).toEqual([web]);
  expect(claims()).toEqual(["shop/prod "]);
});

it("tells of every Pipeline that claims an Application, but not of one in a namespace that is not the Application's", () => {
  const { wokenBy, claims } = startIndex();
  wokenBy(undefined, pipeline("shop"));
  wokenBy(undefined, pipeline("other"));
  wokenBy(undefined, pipeline("stranger", {}, { namespace: "team-a" }));
  expect(claims()).toEqual(["shop/prod ", "other/prod "]);
});

it("goes on with a Pipeline as it was when it is changed into what cannot be read", () => {
  const { index, wokenBy, claims, lines } = startIndex();
  const good = pipeline("shop");
  wokenBy(undefined, good);
  const bad = pipeline("shop", { stages: [] });
  expect(wokenBy(good, bad)).toEqual([web]);
  expect(claims()).toEqual(["shop/prod "]);
  expect(index.claimsOf(web, "default")[0]?.problem).toContain("spec.stages is empty");
  expect(lines.join()).toContain("spec.stages is empty");
  expect(wokenBy(bad, pipeline("shop"))).toEqual([web]);
  expect(index.claimsOf(web, "default")[0]?.problem).toBeUndefined();
});

it("lets no project claim the Applications of another", () => {
  const { wokenBy, claims } = startIndex();
  wokenBy(undefined, pipeline("shop", { project: "team-a" }));
  expect([claims(), claims(web, "team-b"), claims(web, "team-a")]).toEqual([[], [], ["shop/prod "]]);
});

it("lets nothing through for a Pipeline that could never be read, but for what people commit to", () => {
  const { index, wokenBy, claims } = startIndex();
  const dev = { name: "dev", branch: "main", applications: ["dev"] };
  const prod = { name: "prod", branch: "prod", applications: ["web"], gates: [{ soak: "soon" }] };
  wokenBy(undefined, pipeline("shop", { stages: [dev, prod], interval: "soon" }));
  expect(claims()).toEqual(["shop/prod "]);
  const [claim] = index.claimsOf(web, "");
  expect(claim?.problem).toContain('spec.interval is "soon"');
  const now = { commits: ["a".repeat(40)], nowMs: 0, formatTime: () => "", application: "argocd/web" };
  const content = { ...now, isDeployed: false, isReturn: false, isLocal: false, isBegun: false };
  expect(judgeBefore(claim === undefined ? [] : [claim], content)).toMatchObject({
    may: false,
    message: expect.stringContaining("the Pipeline cannot be read") as string,
  });
  expect(judgeBefore(index.claimsOf(appKey("argocd", "dev"), ""), content)).toEqual({ may: true });
});
