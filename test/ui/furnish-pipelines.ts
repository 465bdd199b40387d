import type { JsonObject, KubeObject } from "#core/object/index.ts";
import type { PipelineStatus, PromotionStatus } from "#core/promotion/index.ts";
import { newPromotion } from "#core/promotion/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { RunningUp } from "../api/fixture.ts";

const namespace = "argocd";
const options = (up: RunningUp) => ({ fieldManager: "test", signal: up.signal }) as const;
const id = (start: string): string => start.padEnd(40, "0");
const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;

export const shown = { now: id("4be12f9"), next: id("9c30d17") } as const;

/** Of each environment: a branch, and the applications that deploy it. */
export const storefront: KubeObject = {
  apiVersion: "mooring.dev/v1alpha1",
  kind: "Pipeline",
  metadata: { name: "storefront", namespace },
  spec: {
    project: "default",
    repoURL: "https://github.com/your-org/shop.git",
    stages: [
      { name: "dev", branch: "main", applications: ["shop-web"] },
      {
        name: "staging",
        branch: "staging",
        applications: ["shop-api"],
        promote: "auto",
        gates: [{ soak: "10m" }],
      },
      {
        name: "prod-eu",
        branch: "prod-eu",
        applications: ["shop-search"],
        gates: [{ approvals: { required: 2 } }],
      },
      {
        name: "prod-us",
        branch: "prod-us",
        applications: [],
        after: ["staging"],
        gates: [{ approvals: { required: 1 } }],
      },
    ],
  },
};

export async function tell(
  up: RunningUp,
  type: "pipeline" | "promotion",
  { name, status }: { readonly name: string; readonly status: PipelineStatus | PromotionStatus },
): Promise<void> {
  const ref = { type: hubTypes[type], namespace, name };
  await up.cluster.mergePatch(
    ref,
    { status: status as unknown as JsonObject },
    { ...options(up), subresource: "status" },
  );
}

const commits = [
  { commit: shown.next, author: "Dora", email: "dora@example.com", subject: "Faster checkout", at: ago(50) },
  {
    commit: id("77aa012"),
    author: "Emil",
    email: "emil@example.com",
    subject: "Prices in all currencies",
    at: ago(70),
  },
  {
    commit: id("1f0e3d4"),
    author: "Dora",
    email: "dora@example.com",
    subject: "One button less",
    at: ago(80),
  },
];

async function promotion(
  up: RunningUp,
  name: string,
  ask: Partial<Parameters<typeof newPromotion>[1]>,
): Promise<string> {
  const made = newPromotion(
    { name, namespace, uid: "told" },
    {
      stage: "prod-eu",
      kind: "Promote",
      cause: "Person",
      revision: shown.next,
      attempt: 1,
      requestedBy: { username: "ada" },
      at: ago(12),
      ...ask,
    },
  );
  const { ownerReferences: _owners, ...metadata } = made.metadata;
  await up.cluster.create(hubTypes.promotion, { ...made, metadata }, options(up));
  return made.metadata.name ?? "";
}

/** A pipeline with a promotion in each state that one comes across. */
export async function furnishPipelines(up: RunningUp): Promise<void> {
  await up.cluster.create(hubTypes.pipeline, storefront, options(up));
  const waiting = await promotion(up, "storefront", { reason: "The feast is on Friday" });
  await tell(up, "promotion", {
    name: waiting,
    status: {
      phase: "Waiting",
      message: "waits for gate approvals",
      startedAt: ago(12),
      commit: shown.next,
      commitDate: ago(11),
      base: shown.now,
      commits,
      plan: {
        digest: digest("5d"),
        applications: [
          { namespace, name: "shop-search", digest: digest("e1"), summary: "2 to change, 1 to create" },
          { namespace, name: "shop-web", digest: digest("a7"), summary: "nothing changes" },
        ],
      },
      gates: [
        { name: "health", kind: "health", state: "Passed", since: ago(11) },
        {
          name: "approvals",
          kind: "approvals",
          state: "Waiting",
          since: ago(10),
          message:
            "1 of 2 approvals by bob; may be given by everyone with the right approve, but not by whoever asked for it or is an author of its commits; see it with: mooring promotion plan x",
        },
      ],
      approvals: [{ username: "bob", groups: [], at: ago(4), digest: digest("5d"), comment: "Looks good" }],
    },
  });
  const glass = await promotion(up, "storefront", { stage: "prod-us", revision: shown.now, at: ago(300) });
  await tell(up, "promotion", {
    name: glass,
    status: {
      phase: "Succeeded",
      startedAt: ago(300),
      finishedAt: ago(290),
      writtenAt: ago(298),
      breakGlass: {
        username: "eve",
        at: ago(299),
        reason: "The shop was down, and nobody was there to approve",
      },
    },
  });
  await tell(up, "pipeline", {
    name: "storefront",
    status: {
      askedAt: ago(1),
      stages: [
        {
          name: "dev",
          tip: shown.next,
          revision: shown.next,
          since: ago(50),
          health: "Healthy",
          healthySince: ago(48),
          verified: true,
          applications: [{ namespace, name: "shop-web", sync: "Synced", health: "Healthy" }],
        },
        {
          name: "staging",
          tip: shown.next,
          revision: shown.next,
          since: ago(30),
          health: "Healthy",
          healthySince: ago(28),
          verified: true,
          applications: [{ namespace, name: "shop-api", sync: "Synced", health: "Healthy" }],
        },
        {
          name: "prod-eu",
          revision: shown.now,
          since: ago(2_000),
          health: "Progressing",
          applications: [{ namespace, name: "shop-search", sync: "OutOfSync", health: "Missing" }],
          candidate: {
            revision: shown.next,
            subject: "Faster checkout",
            author: "Dora",
            since: ago(28),
            commits: 3,
          },
          active: waiting,
        },
        {
          name: "prod-us",
          revision: shown.now,
          since: ago(298),
          health: "Healthy",
          promotion: glass,
          candidate: {
            revision: shown.next,
            subject: "Faster checkout",
            author: "Dora",
            since: ago(28),
            commits: 3,
            waitsFor: "somebody who promotes it: mooring promote storefront/prod-us",
          },
          hold: { revisions: [], by: "ada", reason: "Stocktaking until Monday", since: ago(100) },
          frozen: `year-end (no changes), until ${ago(-600)}`,
        },
      ],
    },
  });
}
