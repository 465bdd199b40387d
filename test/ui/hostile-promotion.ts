import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { hostile } from "./browser.ts";

const revision = "a".repeat(40);
const at = "2026-01-01T00:00:00Z";
const digest = `sha256:${"b".repeat(64)}`;
const app = { namespace: "argocd", name: hostile.markup };

type Told = KubeObject & { readonly status: JsonObject };

/** As somebody writes them who may write them in the cluster, statuses too. No controller changes them: a path with `..` is no pipeline to it. */
export function hostilePromotion(text: string): { readonly pipeline: Told; readonly promotion: Told } {
  const metadata = { name: "hostile", namespace: "argocd", annotations: { "mooring.dev/hold.b": text } };
  const head = { apiVersion: "mooring.dev/v1alpha1", metadata };
  return {
    pipeline: { ...head, kind: "Pipeline", spec: pipelineSpec, status: pipelineStatus(text) },
    promotion: { ...head, kind: "Promotion", spec: promotionSpec(text), status: promotionStatus(text) },
  };
}

const pipelineSpec: JsonObject = {
  project: "hostile",
  repoURL: `https://git.example.com/${hostile.attribute}.git`,
  stages: [
    { name: "a", branch: hostile.markup, path: "../..", applications: [] },
    { name: "b", branch: hostile.style, applications: [hostile.markup, `${hostile.attribute}/x`] },
  ],
};

const pipelineStatus = (text: string): JsonObject => ({
  askedAt: at,
  stages: [
    { name: "a", revision: text, since: at, health: "Healthy", applications: [] },
    {
      name: "b",
      revision,
      promotion: "hostile",
      since: at,
      health: "Degraded",
      applications: [{ ...app, sync: text, health: text, revision: text }],
      candidate: { revision: text, subject: text, author: hostile.markup, since: at, waitsFor: text },
      hold: { revisions: [text], promotion: text, by: hostile.markup, reason: text, since: at },
      frozen: text,
      active: "hostile",
    },
  ],
});

const promotionSpec = (text: string): JsonObject => ({
  pipeline: "hostile",
  stage: "b",
  kind: "Rollback",
  cause: "Person",
  revision,
  rollbackTo: text,
  release: text,
  requestedBy: { username: hostile.markup, groups: [text] },
  requestedAt: at,
  reason: text,
});

function promotionStatus(text: string): JsonObject {
  const gate = { name: hostile.template, kind: text, state: "Waiting", message: text, since: at };
  return {
    phase: "Proposed",
    message: text,
    startedAt: at,
    base: text,
    commit: text,
    commits: [{ commit: text, author: hostile.markup, email: hostile.attribute, subject: text, at }],
    plan: { digest, applications: [{ ...app, digest: text, summary: text, problem: text }] },
    gates: [gate, { ...gate, name: "approvals", kind: "approvals" }],
    approvals: [{ username: hostile.markup, groups: [text], at, digest: text, comment: text }],
    breakGlass: { username: hostile.markup, at, reason: text },
    rejection: { username: hostile.markup, at, reason: text },
    proposal: { number: 1, url: hostile.address },
    verification: [gate],
    rolledBackBy: text,
  };
}
